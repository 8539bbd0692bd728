const SLOTS_FIRST = 1_024;
/** From this share of slots on, looking for a free one takes long. */
const FULL = 0.75;
const WORDS = 4;
const ROWS_A_CHUNK = 4_096;
const HEX_A_WORD = 8;
const UUID_CHARS = 36;
const HEX = "0123456789abcdef";
const HYPHEN = 0x2d;
const HYPHENS = [8, 13, 18, 23];
/** Where in a UUID the halves of its words begin. */
const HALVES = [0, 4, 9, 14, 19, 24, 28, 32];
/** By character code its value as a hexadecimal digit of a UUID as it is written, else -1. */
const DIGITS = Int8Array.from({ length: 128 }, (_, code) => HEX.indexOf(String.fromCharCode(code)));

/**
 * Ids of rows, numbered in the order in which they came. A UUID as our rows have it takes 16 bytes and
 * 5 to 11 of an index; any other id stays the text that it is.
 */
export class RowIds {
  /** The words of a UUID stand together, by the number of its row. */
  readonly #words: Uint32Array[] = [];
  /** Number of a row + 1; 0 is an empty slot. */
  #slots = new Int32Array(SLOTS_FIRST);
  #size = 0;
  readonly #numbers = new Map<string, number>();
  readonly #texts = new Map<number, string>();
  /** The UUID that was sought last, in its words, and where it stands or would stand. */
  readonly #sought = new Uint32Array(WORDS);
  #soughtId: string | undefined;
  #slot = 0;
  /** The last of all ids by their text: UUIDs of our rows grow, so that most that come are not there. */
  #highest = "";

  /** The number of an id; undefined where it is not there. */
  find(id: string): number | undefined {
    if (id > this.#highest) return undefined;
    if (!this.#seek(id)) return this.#numbers.get(id);
    const slot = this.#slots[this.#slot] ?? 0;
    return slot === 0 ? undefined : slot - 1;
  }

  /** The number of an id, which is added where it is not there. */
  numberOf(id: string): number {
    const known = this.find(id);
    if (known !== undefined) return known;
    if (this.#size >= this.#slots.length * FULL) this.#grow();
    const number = this.#size;
    this.#size += 1;
    if (id > this.#highest ? this.#seekFree(id) : this.#seek(id)) {
      this.#slots[this.#slot] = number + 1;
      this.#chunkOf(number).set(this.#sought, placeOf(number));
    } else {
      this.#numbers.set(id, number);
      this.#texts.set(number, id);
    }
    if (id > this.#highest) this.#highest = id;
    return number;
  }

  textOf(number: number): string {
    const text = this.#texts.get(number);
    if (text !== undefined) return text;
    let hex = "";
    const place = placeOf(number);
    const words = this.#chunkOf(number).subarray(place, place + WORDS);
    for (const word of words) hex += word.toString(16).padStart(HEX_A_WORD, "0");
    const groups = [[0, 8], [8, 12], [12, 16], [16, 20], [20]] as const;
    return groups.map(([from, to]) => hex.slice(from, to)).join("-");
  }

  /** Finds a UUID's slot; false for any other text. */
  #seek(id: string): boolean {
    if (id === this.#soughtId) return true;
    this.#soughtId = undefined;
    if (!readWords(id, this.#sought)) return false;
    this.#slot = this.#slotOf();
    this.#soughtId = id;
    return true;
  }

  /** Finds the slot of a UUID that is not there; false for any other text. */
  #seekFree(id: string): boolean {
    this.#soughtId = undefined;
    if (!readWords(id, this.#sought)) return false;
    this.#slot = this.#freeSlotOf(this.#sought[WORDS - 1] ?? 0);
    this.#soughtId = id;
    return true;
  }

  #freeSlotOf(lastWord: number): number {
    const mask = this.#slots.length - 1;
    let slot = lastWord & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    return slot;
  }

  /** The last word of a UUIDv7 is random. */
  #slotOf(): number {
    const mask = this.#slots.length - 1;
    let slot = (this.#sought[WORDS - 1] ?? 0) & mask;
    for (;;) {
      const number = (this.#slots[slot] ?? 0) - 1;
      if (number < 0 || this.#isSought(number)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isSought(number: number): boolean {
    const chunk = this.#chunkOf(number);
    const from = placeOf(number);
    for (let word = WORDS - 1; word >= 0; word -= 1) {
      if (chunk[from + word] !== this.#sought[word]) return false;
    }
    return true;
  }

  #grow(): void {
    this.#soughtId = undefined;
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let number = 0; number < this.#size; number += 1) {
      if (this.#texts.has(number)) continue;
      this.#slots[this.#freeSlotOf(this.#lastWordOf(number))] = number + 1;
    }
  }

  #lastWordOf(number: number): number {
    return this.#chunkOf(number)[placeOf(number) + WORDS - 1] ?? 0;
  }

  #chunkOf(number: number): Uint32Array {
    return (this.#words[Math.floor(number / ROWS_A_CHUNK)] ??= new Uint32Array(
      ROWS_A_CHUNK * WORDS,
    ));
  }
}

/** Where in its chunk the first word of a row's id stands. */
function placeOf(number: number): number {
  return (number % ROWS_A_CHUNK) * WORDS;
}

/** Reads a UUID in small letters into four words; false for any other text. */
function readWords(id: string, words: Uint32Array): boolean {
  if (id.length !== UUID_CHARS || !HYPHENS.every((at) => id.charCodeAt(at) === HYPHEN))
    return false;
  let all = 0;
  for (let word = 0; word < WORDS; word += 1) {
    const high = readHex(id, HALVES[word * 2] ?? 0);
    const low = readHex(id, HALVES[word * 2 + 1] ?? 0);
    all |= high | low;
    words[word] = (high << 16) | low;
  }
  return all >= 0;
}

/** Four hexadecimal digits; negative where one of them is none. */
function readHex(id: string, at: number): number {
  return (
    (digitAt(id, at) << 12) |
    (digitAt(id, at + 1) << 8) |
    (digitAt(id, at + 2) << 4) |
    digitAt(id, at + 3)
  );
}

function digitAt(id: string, at: number): number {
  return DIGITS[id.charCodeAt(at)] ?? -1;
}
