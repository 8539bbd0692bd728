import { sumNthPowerDeviations } from "simple-statistics";

import type { Limits } from "../errors/share-intervals.ts";
import { normCdf, normQuantile } from "../numerics/normal.ts";
import { tQuantile } from "../numerics/student-t.ts";
import type { WeightedLogRatio } from "./weighted-quantile.ts";

const WHOLE = 1e-10;

/**
 * Replicates of a statistic under resampling of whole features with replacement: both arms of a
 * drawn feature together, all its requests, because requests of one feature belong together.
 *
 * Assumes independent features. `draws` yields the uniforms of the next replicate, one for each
 * feature; replicates without a value are left out.
 *
 * Source: Davison & Hinkley, Bootstrap Methods and their Application, 1997, section 3.8.
 */
export function bootstrapFeatures(
  statistic: WeightedLogRatio,
  { features, replicates }: { readonly features: number; readonly replicates: number },
  draws: (count: number) => Float64Array,
): readonly number[] {
  const results: number[] = [];
  const weights = new Int32Array(features);
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    countDrawn(weights, draws(features));
    const value = statistic(weights);
    if (value !== null) results.push(value);
  }
  return results;
}

/** How often each feature was drawn. An indexed loop, because it runs millions of times. */
function countDrawn(weights: Int32Array, uniforms: Float64Array): void {
  const features = weights.length;
  weights.fill(0);
  for (let drawn = 0; drawn < features; drawn += 1) {
    const feature = Math.floor((uniforms[drawn] ?? 0) * features);
    weights[feature] = (weights[feature] ?? 0) + 1;
  }
}

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
  return limitsAt(replicates, (1 - level) / 2);
}

/**
 * The bootstrap percentile interval with tails widened for few features: resampling m features
 * understates the spread by √((m − 1)/m), and a t quantile belongs in place of the normal one.
 * Null without replicates or with fewer than two features.
 *
 * Source: Hesterberg, What Teachers Should Know About the Bootstrap, Am Stat 2015;69:371.
 *
 * @example
 * expandedPercentileInterval([1, 2, 3, 4, 5, 6, 7, 8, 9], { features: 8, level: 0.8 }); // [1, 9]
 */
export function expandedPercentileInterval(
  replicates: readonly number[],
  { features, level }: { readonly features: number; readonly level: number },
): Limits | null {
  return features < 2 ? null : limitsAt(replicates, expandedTail(features, level));
}

/**
 * The share of replicates beyond each limit of the expanded interval of m features.
 *
 * @example
 * expandedTail(4, 0.9); // 0.0032895532791248905
 */
export function expandedTail(features: number, level: number): number {
  const t = tQuantile((1 + level) / 2, features - 1);
  return normCdf(-Math.sqrt(features / (features - 1)) * t);
}

function limitsAt(replicates: readonly number[], tail: number): Limits | null {
  if (replicates.length === 0) return null;
  const sorted = Float64Array.from(replicates).toSorted();
  return [normalOrderStatistic(sorted, tail), normalOrderStatistic(sorted, 1 - tail)];
}

/** The order statistic (B + 1)p of sorted replicates, or the nearest end. */
function normalOrderStatistic(sorted: ArrayLike<number>, p: number): number {
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

/** Efron's bias-corrected and accelerated interval. */
export interface AcceleratedInterval {
  readonly z0: number;
  readonly acceleration: number;
  readonly adjustedP: Limits;
  readonly interval: Limits;
}

/** The data of the interval. */
export interface AcceleratedInput {
  readonly estimate: number;
  readonly replicates: readonly number[];
  /** The statistic without each feature in turn. */
  readonly jackknife: readonly number[];
}

/**
 * The BCa interval for a smooth statistic such as a mean. Not for quantiles: their jackknife is not
 * consistent, and the interval then covers far less than it says (0.64–0.84 for a nominal 0.90).
 * Null if all replicates are on one side of the estimate.
 *
 * Source: Efron, JASA 1987;82:171; Davison & Hinkley 1997, section 5.3.
 */
export function acceleratedInterval(
  { estimate, replicates, jackknife }: AcceleratedInput,
  level: number,
): AcceleratedInterval | null {
  const below = replicates.filter((replicate) => replicate < estimate).length;
  if (below === 0 || below === replicates.length) return null;
  const z0 = normQuantile(below / replicates.length);
  const acceleration = accelerationOf(jackknife);
  const sorted = replicates.toSorted((a, b) => a - b);
  const adjust = (p: number) => {
    const shifted = z0 + normQuantile(p);
    return normCdf(z0 + shifted / (1 - acceleration * shifted));
  };
  const tail = (1 - level) / 2;
  const adjustedP: Limits = [adjust(tail), adjust(1 - tail)];
  const interval: Limits = [
    normalOrderStatistic(sorted, adjustedP[0]),
    normalOrderStatistic(sorted, adjustedP[1]),
  ];
  return { z0, acceleration, adjustedP, interval };
}

/** Skewness of the influence values / 6; 0 if nothing varies. */
function accelerationOf(jackknife: readonly number[]): number {
  const squares = sumNthPowerDeviations(jackknife, 2);
  if (squares === 0) return 0;
  return -sumNthPowerDeviations(jackknife, 3) / (6 * squares * Math.sqrt(squares));
}
