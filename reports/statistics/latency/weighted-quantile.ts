/** One feature's request latencies, milliseconds. */
export interface FeatureLatencies {
  /** Under the baseline. */
  readonly a: readonly number[];
  /** Under the candidate. */
  readonly b: readonly number[];
}

/**
 * Pools the values of one arm for repeated quantiles: all values, largest first, each with the number
 * of its feature, and how many values each feature has.
 */
export function poolValues(byFeature: readonly (readonly number[])[]) {
  const values = Float64Array.from(byFeature.flat());
  const features = Uint32Array.from(byFeature.flatMap((own, feature) => own.map(() => feature)));
  const order = Uint32Array.from(values.keys());
  order.sort((first, second) => (values[second] ?? 0) - (values[first] ?? 0));
  return {
    values: Float64Array.from(order, (place) => values[place] ?? 0),
    features: Uint32Array.from(order, (place) => features[place] ?? 0),
    counts: Uint32Array.from(byFeature, (own) => own.length),
  };
}

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
  const ofA = poolValues(features.map(({ a }) => a));
  const ofB = poolValues(features.map(({ b }) => b));
  return (weights) =>
    logRatioOf(weightedQuantile(ofA, p, weights), weightedQuantile(ofB, p, weights));
}

/** ln(b / a); null unless both are above 0. */
export function logRatioOf(a: number | null, b: number | null): number | null {
  return a !== null && b !== null && a > 0 && b > 0 ? Math.log(b) - Math.log(a) : null;
}

/**
 * The type-7 quantile of a pool in which every feature's values count as often as `weights` says:
 * the quantile of one bootstrap replicate, without building or sorting the replicate.
 *
 * Walks down from the largest value until it has passed the two order statistics around the
 * quantile, so that high quantiles are quick. Null for an empty pool.
 *
 * @example
 * weightedQuantile(poolValues([[1, 2], [3]]), 0.5, Uint32Array.of(1, 1)); // 2
 */
export function weightedQuantile(
  { values, features, counts }: ReturnType<typeof poolValues>,
  p: number,
  weights: Uint32Array,
): number | null {
  let total = 0;
  for (const [feature, count] of counts.entries()) total += count * (weights[feature] ?? 0);
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
