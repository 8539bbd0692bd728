import { fitMean, fitPeriodAdjusted } from "./period-adjusted-fit.ts";
import { tTest } from "./t-inference.ts";

/** The t test of the contrast B − rho·A against 0. */
export type ContrastTest = NonNullable<ReturnType<typeof testContrast>>;

/**
 * Does B keep at least `rho` of A's quality? Tests the mean of B − rho·A; rho = 1 asks for any drop.
 *
 * A small `pGreater`: B keeps more than rho of A's quality; a small `pLess`: less.
 *
 * Assumes independent features and normal contrasts; adjusted for period if signs are given.
 * Null without residual degrees of freedom or with one sequence only.
 *
 * @example
 * testContrast({ a: [1, 0.9, 1], b: [0.9, 0.8, 1] }, 0.8)?.estimate; // 0.12666666666666662
 */
export function testContrast({ a, b, z }: PairedScores, rho: number) {
  const contrasts = contrastsOf({ a, b }, rho);
  if (contrasts.length === 0) return null;
  const fit = z === undefined ? fitMean(contrasts) : fitPeriodAdjusted(contrasts, z);
  if (fit === null || fit.se === null) return null;
  const { n, df, estimate, se } = fit;
  const { t, pGreater, pLess } = tTest({ estimate, se, df }, 0);
  return { rho, n, df, estimate, se, t, pGreater, pLess };
}

/** B − rho·A by feature. */
export function contrastsOf({ a, b }: PairedScores, rho: number): readonly number[] {
  return b.map((score, index) => score - rho * (a[index] ?? 0));
}

/** Scores by feature: `a[i]` of the baseline and `b[i]` of the candidate are of the same feature. */
export interface PairedScores {
  /** Between 0 and 1. */
  readonly a: readonly number[];
  /** Between 0 and 1. */
  readonly b: readonly number[];
  /** Mean sequence sign by feature (+1 AB, −1 BA); absent: not adjusted for period. */
  readonly z?: readonly number[] | undefined;
}
