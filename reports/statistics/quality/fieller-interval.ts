import { sum } from "simple-statistics";

import type { PairedScores } from "../core/contrast.ts";
import { fitMean, fitPeriodAdjusted } from "../core/period-adjusted-fit.ts";
import { tQuantile } from "../numerics/student-t.ts";

/** A ratio of two means with its Fieller interval. */
export type FiellerInterval = NonNullable<ReturnType<typeof fiellerInterval>>;

/**
 * Which ratios mean(B) / mean(A) do the paired scores not contradict? All ratios R for which the
 * contrast B − R·A is not significantly different from 0.
 *
 * Assumes independent features and jointly normal scores. Unlike the delta method it shows when the
 * baseline is too near 0 for any interval. Null without residual degrees of freedom or with one
 * sequence only.
 *
 * Source: Fieller, JRSS B 1954;16:175; Locke, J Pharmacokin Biopharm 1984;12:649.
 *
 * @example
 * fiellerInterval({ a: [1, 0.9, 1], b: [0.9, 0.8, 1] }, 0.9)?.ratio; // 0.9310344827586208
 */
export function fiellerInterval(scores: PairedScores, level: number) {
  const { a, b, z } = scores;
  if (a.length < 2) return null;
  const fitA = z === undefined ? fitMean(a) : fitPeriodAdjusted(a, z);
  const fitB = z === undefined ? fitMean(b) : fitPeriodAdjusted(b, z);
  if (fitA === null || fitB === null || fitA.sd === null || fitB.sd === null) return null;
  const { df, nEff, n } = fitA;
  const covAB =
    fitA.sd === 0 || fitB.sd === 0 ? 0 : sumOfProducts(fitA.residuals, fitB.residuals) / df;
  const variances = { varA: fitA.sd * fitA.sd, varB: fitB.sd * fitB.sd, covAB };
  const means = { meanA: fitA.estimate, meanB: fitB.estimate };
  const t = tQuantile(1 - (1 - level) / 2, df);
  const scale = (t * t) / nEff;
  return {
    n,
    df,
    nEff,
    ...means,
    /** Null if the mean of A is 0. */
    ratio: means.meanA === 0 ? null : means.meanB / means.meanA,
    ...variances,
    level,
    /** How far the baseline's mean is from 0 by its own error; from 1 on there is no interval. */
    g: means.meanA === 0 ? null : (scale * variances.varA) / (means.meanA * means.meanA),
    ...solveQuadratic(
      means.meanA * means.meanA - scale * variances.varA,
      means.meanA * means.meanB - scale * covAB,
      means.meanB * means.meanB - scale * variances.varB,
    ),
  };
}

/**
 * All R with a·R² − 2·b·R + c ≤ 0. `bounded`: an ordinary interval; `exclusive`: every ratio outside
 * `excludedFrom…excludedTo`; `unbounded`: every ratio.
 */
function solveQuadratic(a: number, b: number, c: number) {
  const exact = b * b - a * c;
  // With a > 0 the ratio itself is a solution, so a value below 0 is rounding of proportional scores.
  const discriminant = a > 0 ? Math.max(0, exact) : exact;
  if (discriminant < 0 || a === 0) {
    return { type: "unbounded" as const, lower: -Infinity, upper: Infinity };
  }
  const root = Math.sqrt(discriminant);
  const ends = [(b - root) / a, (b + root) / a] as const;
  if (a > 0) return { type: "bounded" as const, lower: ends[0], upper: ends[1] };
  return {
    type: "exclusive" as const,
    lower: -Infinity,
    upper: Infinity,
    excludedFrom: Math.min(...ends),
    excludedTo: Math.max(...ends),
  };
}

function sumOfProducts(first: readonly number[], second: readonly number[]): number {
  return sum(first.map((value, index) => value * (second[index] ?? 0)));
}
