import { requireDomain } from "../domain-error.ts";

/**
 * The rows of a Williams design for `arms` providers, as arm numbers from 0: over all rows every
 * provider meets every period equally often and follows every other equally often. An odd number
 * needs the square and its mirror.
 *
 * Source: Williams, Aust J Sci Res A 1949;2:149.
 *
 * @example
 * williamsRows(4); // [[0, 1, 3, 2], [1, 2, 0, 3], [2, 3, 1, 0], [3, 0, 2, 1]]
 */
export function williamsRows(arms: number): readonly (readonly number[])[] {
  requireDomain(Number.isInteger(arms) && arms >= 2, "at least two arms", arms);
  const first = Array.from({ length: arms }, (_, place) =>
    place % 2 === 1 ? (place + 1) / 2 : (arms - place / 2) % arms,
  );
  const square = first.map((_, row) => first.map((arm) => (arm + row) % arms));
  return arms % 2 === 0 ? square : [...square, ...square.map((row) => row.toReversed())];
}
