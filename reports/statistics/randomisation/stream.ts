import seedrandom from "seedrandom";

/** Draws one uniform number in [0, 1) at each call. */
export type Rng = () => number;

/**
 * Opens the stream of random numbers for one purpose of one experiment.
 *
 * Every purpose has a generator of its own, so that a new purpose, or a feature in another stratum,
 * changes nothing that was drawn before. The root seed is a string: a numeric seed is another one.
 *
 * @example
 * openStream("exp-2025-01", "order")(); // 0.08552042035637805
 */
export function openStream(rootSeed: string, purpose: string): Rng {
  return seedrandom(`${rootSeed}|${purpose}`);
}

/**
 * The purpose of a stream in a later registration cohort: the first cohort has no suffix, so that
 * assignments already made never change when tasks are added.
 *
 * @example
 * purposeInCohort("order", 2); // "order|2"
 */
export function purposeInCohort(purpose: string, cohort: number): string {
  return cohort === 1 ? purpose : `${purpose}|${cohort}`;
}

/** A whole number from 0 to below `count`, from one uniform. */
export function drawIndex(rng: Rng, count: number): number {
  return Math.floor(rng() * count);
}

/**
 * Puts values into a random order in which every order is equally likely (Fisher–Yates, from the
 * last place down), taking one uniform per place but the first.
 *
 * @example
 * shuffle(["x", "y"], () => 0); // ["y", "x"]
 */
export function shuffle<Value>(values: readonly Value[], rng: Rng): readonly Value[] {
  const places = Uint32Array.from(values, (_, index) => index);
  for (let last = places.length - 1; last >= 1; last -= 1) {
    const other = drawIndex(rng, last + 1);
    [places[last], places[other]] = [places[other] ?? 0, places[last] ?? 0];
  }
  return [...places].flatMap((place) => values.slice(place, place + 1));
}
