import { tQuantile } from "./numerics/student-t-quantile.ts";

/** An estimate with its standard error on `df` degrees of freedom. */
export interface EstimateWithError {
  readonly estimate: number;
  readonly se: number;
  readonly df: number;
}

/** Two limits, lower first. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The two-sided t interval for an estimate: the values a t test at 1 − level would not reject.
 *
 * Assumes a normally distributed estimate whose squared standard error is an independent chi-square
 * on `df` degrees of freedom.
 *
 * @example
 * tInterval({ estimate: 1, se: 0.1, df: 10 }, 0.95); // 0.7771861148…, 1.2228138851…
 */
export function tInterval({ estimate, se, df }: EstimateWithError, level: number): Interval {
  const half = se === 0 ? 0 : tQuantile(1 - (1 - level) / 2, df) * se;
  return { lower: estimate - half, upper: estimate + half };
}
