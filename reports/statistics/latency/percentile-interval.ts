import type { Limits } from "../errors/share-intervals.ts";
import { normQuantile } from "../numerics/normal-quantile.ts";

const WHOLE = 1e-10;

/**
 * The bootstrap percentile interval: the order statistics (B + 1)p of the replicates, interpolated
 * on the normal-quantile scale between two of them. Null without replicates.
 *
 * Source: Davison & Hinkley, Bootstrap Methods and their Application, 1997, equation 5.8.
 *
 * @example
 * percentileInterval([1, 2, 3, 4, 5, 6, 7, 8, 9], 0.8); // [1, 9]
 */
export function percentileInterval(replicates: readonly number[], level: number): Limits | null {
  if (replicates.length === 0) return null;
  const sorted = replicates.toSorted((a, b) => a - b);
  const tail = (1 - level) / 2;
  return [normalOrderStatistic(sorted, tail), normalOrderStatistic(sorted, 1 - tail)];
}

/** The order statistic (B + 1)p of sorted replicates; beyond the ends the end itself. */
export function normalOrderStatistic(sorted: readonly number[], p: number): number {
  const count = sorted.length;
  const rank = (count + 1) * p;
  const below = Math.floor(rank);
  if (below < 1) return sorted[0] ?? 0;
  if (below >= count) return sorted[count - 1] ?? 0;
  const low = sorted[below - 1] ?? 0;
  const high = sorted[below] ?? 0;
  if (rank - below < WHOLE) return low;
  if (below + 1 - rank < WHOLE) return high;
  const from = normQuantile(below / (count + 1));
  const to = normQuantile((below + 1) / (count + 1));
  return low + ((normQuantile(rank / (count + 1)) - from) / (to - from)) * (high - low);
}
