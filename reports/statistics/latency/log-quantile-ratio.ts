import type { FeatureLatencies } from "./requests.ts";
import { poolValues, weightedQuantile, type PooledValues } from "./weighted-quantile.ts";

/** Computes ln(quantile of B / quantile of A) for given weights of the features. */
export type WeightedLogRatio = (weights: Uint32Array) => number | null;

/** All requests of both arms. */
export interface PooledArms {
  readonly a: PooledValues;
  readonly b: PooledValues;
}

/** Pools the requests of each arm over all features. */
export function poolArms(features: readonly FeatureLatencies[]): PooledArms {
  return { a: poolValues(features.map(({ a }) => a)), b: poolValues(features.map(({ b }) => b)) };
}

/**
 * Prepares the log ratio of both arms' quantiles over all requests of the weighted features. Null
 * results mean that a quantile is 0 or that an arm is empty.
 */
export function logQuantileRatio(pooled: PooledArms, p: number): WeightedLogRatio {
  return (weights) => {
    const a = weightedQuantile(pooled.a, p, weights);
    const b = weightedQuantile(pooled.b, p, weights);
    if (a === null || b === null || a <= 0 || b <= 0) return null;
    return Math.log(b) - Math.log(a);
  };
}
