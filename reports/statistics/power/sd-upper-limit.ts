import { chisqQuantile } from "../numerics/chi-square.ts";

/** An estimated standard deviation. */
export interface EstimatedSpread {
  readonly sd: number;
  readonly df: number;
}

/**
 * How large may the true standard deviation be, given the estimated one? The one-sided upper
 * confidence limit, for planning that does not count on luck.
 *
 * Assumes normal values.
 *
 * @example
 * sdUpperLimit({ sd: 0.4, df: 1 }, 0.8); // 1.5788615502170986
 */
export function sdUpperLimit({ sd, df }: EstimatedSpread, confidence: number): number {
  return sd * Math.sqrt(df / chisqQuantile(1 - confidence, df));
}
