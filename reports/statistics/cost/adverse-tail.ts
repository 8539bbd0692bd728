import { betaQuantile } from "../numerics/beta.ts";

/** How often the candidate was not cheaper. */
export type AdverseTail = ReturnType<typeof adverseTail>;

/**
 * How large may the share of pairs be in which the candidate saved nothing? The count of d ≤ 0 with
 * its exact upper bound: with none among 12 pairs the bound is still 22 %.
 *
 * Assumes independent features; nothing about the size of the differences.
 *
 * Source: Clopper & Pearson, Biometrika 1934;26:404.
 *
 * @example
 * adverseTail(Array(12).fill(1)).shareUpper95; // 0.2209219…
 */
export function adverseTail(logRatios: readonly number[]) {
  const n = logRatios.length;
  const adversePairs = logRatios.filter((d) => d <= 0).length;
  const bound = adversePairs === n ? 1 : betaQuantile(0.95, adversePairs + 1, n - adversePairs);
  /** One-sided 95 % upper bound of the share of such pairs; null without pairs. */
  const shareUpper95 = n === 0 ? null : bound;
  return { n, adversePairs, shareUpper95 };
}
