import { logAverage } from "simple-statistics";

/**
 * The geometric mean of costs; null without any, or if one of them is 0. A window that a coarse meter
 * shows as 0 did cost something, and a geometric mean with 0 is 0.
 */
export function geometricMean(costs: readonly number[]): number | null {
  return costs.length === 0 || costs.includes(0) ? null : logAverage([...costs]);
}
