/** Random choices that a seed fixes. */
export interface Draw {
  /** An integer from 0 up to, and without, the bound. */
  below(bound: number): number;
  /** An integer between both, with both. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  oneOf<T>(values: readonly T[]): T;
}

/** Mulberry32: 32 bits of state, good enough to pick faults, and the same on every machine. */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() < probability,
    oneOf: (values) => {
      const value = values[below(values.length)];
      if (value === undefined) throw new Error("Nothing to choose from.");
      return value;
    },
  };
}
