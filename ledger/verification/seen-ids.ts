const LOAD_MAX = 0.8;
const SLOTS_MIN = 1_024;
const HIGH_BITS = 65_536;

/**
 * The ids of a walk, in six bytes each: 48 bits of a hash of the id, so that ten million rows take
 * 80 MB. About once in ten such walks it mistakes a new id for a known one, so the caller checks.
 */
export class SeenIds {
  #low: Uint32Array;
  #high: Uint16Array;
  #size = 0;

  /** @param expected - The expected number of ids. A good guess saves time and memory. */
  constructor(expected: number) {
    const slots = Math.max(SLOTS_MIN, Math.ceil(expected / LOAD_MAX));
    this.#low = new Uint32Array(slots);
    this.#high = new Uint16Array(slots);
  }

  /** Adds the id in `bytes[from…to)`. Returns true if it may have been there. */
  add(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#size >= this.#low.length * LOAD_MAX) this.#grow();
    let low = 0x811c9dc5;
    let high = 0x9e3779b9;
    for (let index = from; index < to; index += 1) {
      const code = bytes[index] ?? 0;
      low = Math.imul(low ^ code, 0x01000193);
      high = Math.imul(high ^ code, 0x85ebca6b);
    }
    const isNew = this.#insert(low >>> 0, (high >>> 8) % HIGH_BITS || 1);
    if (isNew) this.#size += 1;
    return !isNew;
  }

  /** A high part of 0 marks an empty slot. */
  #insert(low: number, high: number): boolean {
    const slots = this.#low.length;
    let slot = (low ^ Math.imul(high, 0x9e3779b1)) >>> 0;
    for (slot %= slots; this.#high[slot] !== 0; slot = slot + 1 === slots ? 0 : slot + 1) {
      if (this.#low[slot] === low && this.#high[slot] === high) return false;
    }
    this.#low[slot] = low;
    this.#high[slot] = high;
    return true;
  }

  #grow(): void {
    const [low, high] = [this.#low, this.#high];
    this.#low = new Uint32Array(low.length * 2);
    this.#high = new Uint16Array(low.length * 2);
    for (let slot = 0; slot < low.length; slot += 1) {
      const part = high[slot] ?? 0;
      if (part !== 0) this.#insert(low[slot] ?? 0, part);
    }
  }
}
