import { mean, sum } from "simple-statistics";

import { zeroIfNoise } from "../spread.ts";
import { tInterval } from "../t-interval.ts";
import { tTest } from "../t-test.ts";

/** A difference between two groups of features. */
export interface TwoSampleComparison {
  readonly estimate: number;
  readonly se: number;
  readonly df: number;
  readonly t: number | null;
  readonly pTwoSided: number;
  readonly ci95Lower: number;
  readonly ci95Upper: number;
  /** The pooled standard deviation within the groups. */
  readonly sd: number;
}

/**
 * Do two separate groups differ in their mean? The pooled two-sample t comparison; null unless both
 * groups have a value and there are three in all.
 *
 * Assumes normal values with one variance in both groups.
 *
 * @example
 * compareTwoSamples([1, 2, 3], [2, 3, 4])?.t; // −1.2247448713915892
 */
export function compareTwoSamples(
  first: readonly number[],
  second: readonly number[],
): TwoSampleComparison | null {
  const df = first.length + second.length - 2;
  if (first.length === 0 || second.length === 0 || df < 1) return null;
  const estimate = mean(first) - mean(second);
  const squares = sumOfSquares(first) + sumOfSquares(second);
  const sd = zeroIfNoise(Math.sqrt(squares / df), [...first, ...second]);
  const se = sd * Math.sqrt(1 / first.length + 1 / second.length);
  const { lower, upper } = tInterval({ estimate, se, df }, 0.95);
  const { t, pTwoSided } = tTest({ estimate, se, df }, 0);
  return { estimate, se, df, t, pTwoSided, ci95Lower: lower, ci95Upper: upper, sd };
}

function sumOfSquares(values: readonly number[]): number {
  const centre = mean(values);
  return sum(values.map((value) => (value - centre) * (value - centre)));
}
