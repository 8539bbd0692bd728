const SLOTS_FIRST = 1_024;
const EMPTY = -1;
const NONE: readonly RowPlace[] = [];
/** A place is segment × 2^32 + offset: exact in a double up to two million segments. */
const SEGMENT_FACTOR = 4_294_967_296;

export interface RowPlace {
  readonly segment: number;
  readonly offset: number;
}

/**
 * Where the row with an id may stand: 16 bytes a slot, nothing of the id itself, so that a million rows
 * take 32 MiB. Whoever asks reads the row at the place and compares; a false candidate costs a read.
 */
export class IdIndex {
  #keys: Float64Array;
  #places: Float64Array;
  #size = 0;

  /** @param expected - How many ids will come; a guess saves time, and costs nothing when it is wrong. */
  constructor(expected = 0) {
    const slots = Math.max(SLOTS_FIRST, 2 ** Math.ceil(Math.log2(expected * 2 + 1)));
    this.#keys = new Float64Array(slots).fill(EMPTY);
    this.#places = new Float64Array(slots);
  }

  /** Adds the place of a row, and tells where rows with the same id may stand that were added before. */
  add(id: string, place: RowPlace): readonly RowPlace[] {
    if (this.#size * 2 >= this.#keys.length) this.#grow();
    this.#size += 1;
    const key = keyOf(id);
    const { slot, found } = this.#probe(key);
    this.#keys[slot] = key;
    this.#places[slot] = place.segment * SEGMENT_FACTOR + place.offset;
    return found;
  }

  candidates(id: string): readonly RowPlace[] {
    return this.#probe(keyOf(id)).found;
  }

  /** The first empty slot for a key, and what lies before it under the same key. */
  #probe(key: number): { readonly slot: number; readonly found: readonly RowPlace[] } {
    let found = NONE;
    const mask = this.#keys.length - 1;
    let slot = key & mask;
    for (; this.#keys[slot] !== EMPTY; slot = (slot + 1) & mask) {
      if (this.#keys[slot] === key) found = [...found, placeFrom(this.#places[slot] ?? 0)];
    }
    return { slot, found };
  }

  #insert(key: number, place: number): void {
    const mask = this.#keys.length - 1;
    let slot = key & mask;
    while (this.#keys[slot] !== EMPTY) slot = (slot + 1) & mask;
    this.#keys[slot] = key;
    this.#places[slot] = place;
  }

  #grow(): void {
    const keys = this.#keys;
    const places = this.#places;
    this.#keys = new Float64Array(keys.length * 2).fill(EMPTY);
    this.#places = new Float64Array(keys.length * 2);
    for (let slot = 0; slot < keys.length; slot += 1) {
      const key = keys[slot] ?? EMPTY;
      if (key !== EMPTY) this.#insert(key, places[slot] ?? 0);
    }
  }
}

function placeFrom(place: number): RowPlace {
  return { segment: Math.floor(place / SEGMENT_FACTOR), offset: place % SEGMENT_FACTOR };
}

/** 52 bits of an id: two FNV-1a hashes of different seeds. */
function keyOf(id: string): number {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let index = 0; index < id.length; index += 1) {
    const code = id.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
  }
  return (high & 0xfffff) * SEGMENT_FACTOR + (low >>> 0);
}
