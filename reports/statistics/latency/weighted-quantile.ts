/** All values of one arm, largest first, each with the feature it came from. */
export interface PooledValues {
  readonly values: Float64Array;
  readonly features: Uint32Array;
  /** Number of values by feature. */
  readonly counts: Uint32Array;
}

/** Pools values by feature for repeated quantiles. */
export function poolValues(byFeature: readonly (readonly number[])[]): PooledValues {
  const counts = Uint32Array.from(byFeature, (own) => own.length);
  const values = Float64Array.from(byFeature.flat());
  const features = new Uint32Array(values.length);
  let filled = 0;
  for (const [feature, count] of counts.entries()) {
    features.fill(feature, filled, filled + count);
    filled += count;
  }
  const order = Uint32Array.from(values.keys());
  order.sort((first, second) => (values[second] ?? 0) - (values[first] ?? 0));
  return {
    values: Float64Array.from(order, (place) => values[place] ?? 0),
    features: Uint32Array.from(order, (place) => features[place] ?? 0),
    counts,
  };
}

/**
 * The type-7 quantile of a pool in which every feature's values count as often as `weights` says:
 * the quantile of one bootstrap replicate, without building or sorting the replicate.
 *
 * Walks down from the largest value until the two order statistics around the quantile are passed,
 * so that high quantiles are quick. Null for an empty pool.
 *
 * @example
 * weightedQuantile(poolValues([[1, 2], [3]]), 0.5, Uint32Array.of(1, 1)); // 2
 */
export function weightedQuantile(
  { values, features, counts }: PooledValues,
  p: number,
  weights: Uint32Array,
): number | null {
  const total = weightedCount(counts, weights);
  if (total === 0) return null;
  const position = (total - 1) * p;
  const lowerRank = Math.floor(position);
  const lowerFromTop = total - 1 - lowerRank;
  const upperFromTop = Math.max(0, lowerFromTop - 1);
  let passed = 0;
  let upper = 0;
  // An indexed loop, because this one runs millions of times in a bootstrap.
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    const weight = weights[features[index] ?? 0] ?? 0;
    if (passed <= upperFromTop && upperFromTop < passed + weight) upper = value;
    passed += weight;
    if (lowerFromTop < passed) return value + (position - lowerRank) * (upper - value);
  }
  return null;
}

function weightedCount(counts: Uint32Array, weights: Uint32Array): number {
  let total = 0;
  for (let feature = 0; feature < counts.length; feature += 1) {
    total += (counts[feature] ?? 0) * (weights[feature] ?? 0);
  }
  return total;
}
