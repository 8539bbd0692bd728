import { Column } from "./column.ts";

const SLOTS_FIRST = 1_024;
/** From this share of slots on, looking for a free one takes long. */
const FULL = 0.75;
const WORDS = 4;
const HEX_A_WORD = 8;
const UUID_CHARS = 36;
const HEX = "0123456789abcdef";
const HYPHEN = 0x2d;
/** By character code its value as a hexadecimal digit of a UUID as it is written, else -1. */
const DIGITS = Int8Array.from({ length: 128 }, (_, code) => HEX.indexOf(String.fromCharCode(code)));

/**
 * Ids of rows, numbered in the order in which they came. A UUID as our rows have it takes 12 bytes and
 * 5 to 11 of an index; any other id stays the text that it is.
 */
export class RowIds {
  readonly #words = Array.from({ length: WORDS }, () => new Column());
  /** Number of a row + 1; 0 is an empty slot. */
  #slots = new Int32Array(SLOTS_FIRST);
  #size = 0;
  readonly #numbers = new Map<string, number>();
  readonly #texts = new Map<number, string>();
  /** The UUID that was sought last, in its words, and where it stands or would stand. */
  readonly #sought = new Uint32Array(WORDS);
  #soughtId = "";
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
      for (const [index, word] of this.#words.entries()) word.set(number, this.#sought[index] ?? 0);
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
    for (const word of this.#words) hex += word.get(number).toString(16).padStart(HEX_A_WORD, "0");
    const groups = [[0, 8], [8, 12], [12, 16], [16, 20], [20]] as const;
    return groups.map(([from, to]) => hex.slice(from, to)).join("-");
  }

  /** Finds a UUID's slot; false for any other text. */
  #seek(id: string): boolean {
    if (id === this.#soughtId) return true;
    this.#soughtId = "";
    if (!readWords(id, this.#sought)) return false;
    this.#slot = this.#slotOf();
    this.#soughtId = id;
    return true;
  }

  /** Finds the slot of a UUID that is not there; false for any other text. */
  #seekFree(id: string): boolean {
    this.#soughtId = "";
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
    for (let word = WORDS - 1; word >= 0; word -= 1) {
      if (this.#words[word]?.get(number) !== this.#sought[word]) return false;
    }
    return true;
  }

  #grow(): void {
    this.#soughtId = "";
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let number = 0; number < this.#size; number += 1) {
      if (this.#texts.has(number)) continue;
      this.#slots[this.#freeSlotOf(this.#words[WORDS - 1]?.get(number) ?? 0)] = number + 1;
    }
  }
}

/** Reads a UUID in small letters into four words; false for any other text. */
function readWords(id: string, words: Uint32Array): boolean {
  if (id.length !== UUID_CHARS) return false;
  let digits = 0;
  let word = 0;
  for (let at = 0; at < UUID_CHARS; at += 1) {
    const code = id.charCodeAt(at);
    if (at === 8 || at === 13 || at === 18 || at === 23) {
      if (code !== HYPHEN) return false;
      continue;
    }
    const digit = DIGITS[code] ?? -1;
    if (digit < 0) return false;
    word = (word << 4) | digit;
    digits += 1;
    if (digits % HEX_A_WORD === 0) words[digits / HEX_A_WORD - 1] = word;
  }
  return true;
}
