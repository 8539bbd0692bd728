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
  readonly features: Int32Array;
  /** How many values each feature has. */
  readonly counts: Int32Array;
}

const EMPTY: Pool = {
  values: new Float64Array(),
  features: new Int32Array(),
  counts: new Int32Array(),
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
  const features = new Int32Array(values.length);
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
  return { values, features, counts: Int32Array.from(byFeature, (own) => own.length) };
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
  if (one === other) return true;
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

/** Computes ln(quantile of B / quantile of A) for given weights of the features. */
export type WeightedLogRatio = (weights: Int32Array) => number | null;

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
 * weightedQuantile(poolValues([[1, 2], [3]]), 0.5, Int32Array.of(1, 1)); // 2
 */
export function weightedQuantile(
  { values, features, counts }: Pool,
  p: number,
  weights: Int32Array,
): number | null {
  const total = countWeighted(counts, weights);
  if (total === 0) return null;
  const position = (total - 1) * p;
  const lowerRank = Math.floor(position);
  const lowerFromTop = total - 1 - lowerRank;
  let index = 0;
  let passed = weights[features[0] ?? 0] ?? 0;
  while (passed <= lowerFromTop - 1) {
    index += 1;
    passed += weights[features[index] ?? 0] ?? 0;
  }
  const upper = values[index] ?? 0;
  while (passed <= lowerFromTop) {
    index += 1;
    passed += weights[features[index] ?? 0] ?? 0;
  }
  const lower = values[index] ?? 0;
  return lower + (position - lowerRank) * (upper - lower);
}

/** The size of a replicate. Indexed loops here and above, because they run millions of times in a bootstrap. */
function countWeighted(counts: Int32Array, weights: Int32Array): number {
  let total = 0;
  for (let feature = 0; feature < counts.length; feature += 1) {
    total += (counts[feature] ?? 0) * (weights[feature] ?? 0);
  }
  return total;
}
