import type { Rng } from "./stream.ts";

/**
 * A stream of random numbers that is read from its start again and again. The generator draws each uniform once, which
 * takes ten times as long as reading it: 8 bytes for each uniform are kept.
 */
export class ReplayStream {
  readonly #rng: Rng;
  #drawn = new Float64Array(0);
  #count = 0;

  /** @param rng - A stream that nothing was drawn from. */
  constructor(rng: Rng) {
    this.#rng = rng;
  }

  /** The first uniforms of the stream. */
  first(count: number): Float64Array {
    this.#draw(count);
    return this.#drawn.subarray(0, count);
  }

  /** The stream from its start. */
  replay(): Rng {
    let place = 0;
    return () => {
      place += 1;
      if (place > this.#count) this.#draw(place);
      return this.#drawn[place - 1] ?? 0;
    };
  }

  #draw(count: number): void {
    if (count > this.#drawn.length) {
      const room = new Float64Array(Math.max(count, 2 * this.#drawn.length));
      room.set(this.#drawn);
      this.#drawn = room;
    }
    for (; this.#count < count; this.#count += 1) this.#drawn[this.#count] = this.#rng();
  }
}
