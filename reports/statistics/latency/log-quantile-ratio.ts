import type { FeatureLatencies } from "./requests.ts";
import { poolValues, weightedQuantile } from "./weighted-quantile.ts";

/** Computes ln(quantile of B / quantile of A) for given weights of the features. */
export type WeightedLogRatio = (weights: Uint32Array) => number | null;

/**
 * Prepares the log ratio of both arms' quantiles over all requests of the weighted features. Null
 * results mean that a quantile is 0 or that an arm is empty.
 */
export function logQuantileRatio(
  features: readonly FeatureLatencies[],
  p: number,
): WeightedLogRatio {
  const pooledA = poolValues(features.map(({ a }) => a));
  const pooledB = poolValues(features.map(({ b }) => b));
  return (weights) => {
    const a = weightedQuantile(pooledA, p, weights);
    const b = weightedQuantile(pooledB, p, weights);
    if (a === null || b === null || a <= 0 || b <= 0) return null;
    return Math.log(b) - Math.log(a);
  };
}
