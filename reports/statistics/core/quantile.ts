import { quantile } from "simple-statistics";

/**
 * The quantile that every report, row and decision uses: type 7 of Hyndman & Fan. The p50 and p95 of
 * latencies are this one. It interpolates linearly between the two values around place (n − 1)·p of
 * the ordered values, counted from 0. Null without values.
 *
 * Source: Hyndman & Fan, Am Stat 1996;50:361.
 *
 * @example
 * typeSevenQuantile([30, 10, 20], 0.95); // 29
 */
export function typeSevenQuantile(values: readonly number[], p: number): number | null {
  return values.length === 0 ? null : quantile(values, p);
}
