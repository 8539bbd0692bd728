/** One feature's request latencies, milliseconds. */
export interface FeatureLatencies {
  /** Under the baseline. */
  readonly a: readonly number[];
  /** Under the candidate. */
  readonly b: readonly number[];
}

/** The values of one arm for repeated quantiles. */
interface Pool {
  /** All values, largest first. */
  readonly values: Float64Array;
  /** The number of each value's feature. */
  readonly features: Uint32Array;
  /** How many values each feature has. */
  readonly counts: Uint32Array;
}

const EMPTY: Pool = {
  values: new Float64Array(),
  features: new Uint32Array(),
  counts: new Uint32Array(),
};

/** The pools of both arms of earlier looks, which new features are added to. */
export interface LatencyPools {
  a?: GrowingPool;
  b?: GrowingPool;
}

interface GrowingPool {
  readonly byFeature: readonly (readonly number[])[];
  readonly pool: Pool;
}

/** Pools the values of one arm for repeated quantiles; `before` is a pool of the first features. */
export function poolValues(byFeature: readonly (readonly number[])[], before = EMPTY): Pool {
  const first = before.counts.length;
  const added = byFeature
    .slice(first)
    .flatMap((own, index) => own.map((value) => ({ value, feature: first + index })))
    .toSorted((left, right) => right.value - left.value);
  const values = new Float64Array(before.values.length + added.length);
  const features = new Uint32Array(values.length);
  let [known, fresh] = [0, 0];
  for (let place = 0; place < values.length; place += 1) {
    const next = added[fresh];
    const value = before.values[known];
    if (next === undefined || (value !== undefined && value >= next.value)) {
      values[place] = value ?? 0;
      features[place] = before.features[known] ?? 0;
      known += 1;
    } else {
      values[place] = next.value;
      features[place] = next.feature;
      fresh += 1;
    }
  }
  return { values, features, counts: Uint32Array.from(byFeature, (own) => own.length) };
}

function growPool(
  byFeature: readonly (readonly number[])[],
  before: GrowingPool | undefined,
): GrowingPool {
  const isKnown =
    before !== undefined &&
    before.byFeature.length <= byFeature.length &&
    before.byFeature.every((own, index) => isSameList(own, byFeature[index] ?? []));
  return { byFeature, pool: poolValues(byFeature, isKnown ? before.pool : EMPTY) };
}

function isSameList(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
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
  pools: LatencyPools = {},
): WeightedLogRatio {
  pools.a = growPool(
    features.map(({ a }) => a),
    pools.a,
  );
  pools.b = growPool(
    features.map(({ b }) => b),
    pools.b,
  );
  const [ofA, ofB] = [pools.a.pool, pools.b.pool];
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
  { values, features, counts }: Pool,
  p: number,
  weights: Uint32Array,
): number | null {
  let total = 0;
  // Indexed loops, because these run millions of times in a bootstrap.
  for (let feature = 0; feature < counts.length; feature += 1) {
    total += (counts[feature] ?? 0) * (weights[feature] ?? 0);
  }
  if (total === 0) return null;
  const position = (total - 1) * p;
  const lowerRank = Math.floor(position);
  const lowerFromTop = total - 1 - lowerRank;
  const upperFromTop = Math.max(0, lowerFromTop - 1);
  let passed = 0;
  let upper = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    const weight = weights[features[index] ?? 0] ?? 0;
    if (passed <= upperFromTop && upperFromTop < passed + weight) upper = value;
    passed += weight;
    if (lowerFromTop < passed) return value + (position - lowerRank) * (upper - value);
  }
  return null;
}
