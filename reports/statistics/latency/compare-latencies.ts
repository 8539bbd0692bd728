import { fitMean } from "../core/period-adjusted-fit.ts";
import { typeSevenQuantile } from "../core/quantile.ts";
import { noneOf, type AnalysisStatus, type Figures } from "../core/status.ts";
import { tInterval } from "../core/t-inference.ts";
import type { Limits } from "../errors/share-intervals.ts";
import { ReplayStream } from "../randomisation/replay-stream.ts";
import { openStream } from "../randomisation/stream.ts";
import { bootstrapFeatures, expandedPercentileInterval, percentileInterval } from "./bootstrap.ts";
import {
  logQuantileRatio,
  logRatioOf,
  type FeatureLatencies,
  type LatencyPools,
} from "./weighted-quantile.ts";

const P = 0.95;
const STREAM = "bootstrap|latency_p95";
const LEVEL = 0.9;
const FEATURES_MIN = 4;
const REQUESTS_MIN = 20;

/** What the comparison is computed from. */
export interface LatencyInput {
  /** Complete pairs only. */
  readonly features: readonly FeatureLatencies[];
  /** Opens the stream `bootstrap|latency_p95`. */
  readonly rootSeed: string;
  /** 1999 by default. */
  readonly replicates?: number;
  readonly memory?: LatencyMemory | undefined;
}

/** What looks at more and more features with one root seed need not work out again. */
export interface LatencyMemory {
  stream?: ReplayStream;
  readonly pools: LatencyPools;
}

/** More uniforms than these are drawn again each time: they would fill more than 32 MB. */
const KEPT_UNIFORMS_MAX = 4_000_000;

/** The ratio of 95th percentiles B / A. `null`: not available. */
export interface LatencyComparison
  extends
    Figures<"features" | "requestsA" | "requestsB" | "p50A" | "p50B" | "p95A" | "p95B">,
    Figures<"ratio" | "logRatio"> {
  readonly status: AnalysisStatus;
  /** Names the impossible value if the status is `invalid_input`. */
  readonly problem: string | null;
  /** The plain bootstrap percentile interval at 90 %, too narrow with few features: decides nothing. */
  readonly percentileRatioCi: Limits | null;
  readonly perFeatureLogRatios: readonly number[];
  /** A sensitivity analysis that decides nothing: the ratio of the typical feature, which is another quantity. */
  readonly perFeatureT: PerFeatureRatio | null;
  /** The 90 % interval that decides: expanded percentile limits of the bootstrap by feature. */
  readonly decisionRatioCi: Limits | null;
  readonly decisionMethod: "bootstrap" | null;
}

const NOTHING: LatencyComparison = {
  status: "no_data",
  problem: null,
  features: 0,
  requestsA: 0,
  requestsB: 0,
  ...noneOf("p50A", "p50B", "p95A", "p95B", "ratio", "logRatio", "percentileRatioCi"),
  perFeatureLogRatios: [],
  ...noneOf("perFeatureT", "decisionRatioCi", "decisionMethod"),
};

/**
 * Is the candidate slower in its slowest requests? The ratio of the 95th percentiles of all requests'
 * latencies, with a bootstrap interval by feature whose tails are expanded for few features.
 *
 * Assumes independent features, and nothing about the requests within one. An arm with fewer than 20
 * requests has no reliable 95th percentile, and fewer than 4 features no interval: `insufficient`.
 *
 * Source: Hesterberg, Am Stat 2015;69:371; Davison & Hinkley, Bootstrap Methods and their Application, 1997.
 */
export function compareLatencies(input: LatencyInput): LatencyComparison {
  const problem = findProblem(input.features);
  if (problem !== null) return { ...NOTHING, status: "invalid_input", problem, features: null };
  const features = input.features.filter(({ a, b }) => a.length > 0 && b.length > 0);
  if (features.length === 0) return NOTHING;
  const a = features.flatMap((own) => own.a);
  const b = features.flatMap((own) => own.b);
  const shown: LatencyComparison = {
    ...NOTHING,
    status: "insufficient",
    features: features.length,
    requestsA: a.length,
    requestsB: b.length,
    p50A: typeSevenQuantile(a, 0.5),
    p50B: typeSevenQuantile(b, 0.5),
    p95A: typeSevenQuantile(a, P),
    p95B: typeSevenQuantile(b, P),
  };
  const logRatio = logRatioOf(shown.p95A, shown.p95B);
  const isEnough = features.length >= FEATURES_MIN && Math.min(a.length, b.length) >= REQUESTS_MIN;
  if (!isEnough || logRatio === null) return shown;
  const ratio = Math.exp(logRatio);
  return { ...shown, logRatio, ratio, ...intervals({ ...input, features }) };
}

function intervals({
  features,
  rootSeed,
  replicates = 1999,
  memory,
}: LatencyInput): Partial<LatencyComparison> {
  const count = features.length;
  const perFeatureLogRatios = features.flatMap(
    ({ a, b }) => logRatioOf(typeSevenQuantile(a, P), typeSevenQuantile(b, P)) ?? [],
  );
  const size = { features: count, replicates };
  const statistic = logQuantileRatio(features, P, memory?.pools);
  const drawn = bootstrapFeatures(statistic, size, featureDraws(size, { rootSeed, memory }));
  const shown = { perFeatureLogRatios, perFeatureT: ratioOverFeatures(perFeatureLogRatios) };
  // A replicate without a value means that a 95th percentile can be 0: there is no honest interval.
  if (drawn.length < replicates) return { ...shown, status: "insufficient" };
  const expanded = expandedPercentileInterval(drawn, { features: count, level: LEVEL });
  return {
    ...shown,
    status: "ok",
    percentileRatioCi: exponentials(percentileInterval(drawn, LEVEL)),
    decisionRatioCi: exponentials(expanded),
    decisionMethod: "bootstrap",
  };
}

function featureDraws(
  { features, replicates }: { readonly features: number; readonly replicates: number },
  { rootSeed, memory }: Pick<LatencyInput, "rootSeed" | "memory">,
): (count: number) => Float64Array {
  const rng = openStream(rootSeed, STREAM);
  const total = features * replicates;
  if (memory === undefined || total > KEPT_UNIFORMS_MAX) {
    return (count) => new Float64Array(count).map(rng);
  }
  const uniforms = (memory.stream ??= new ReplayStream(rng)).first(total);
  let place = 0;
  return (count) => {
    place += count;
    return uniforms.subarray(place - count, place);
  };
}

function exponentials(limits: Limits | null): Limits | null {
  return limits && [Math.exp(limits[0]), Math.exp(limits[1])];
}

function findProblem(features: readonly FeatureLatencies[]): string | null {
  for (const [index, { a, b }] of features.entries()) {
    const wrong = a.find(isWrong) ?? b.find(isWrong);
    if (wrong !== undefined) {
      return `Feature ${index + 1}: expected latencies of 0 ms or more, got ${wrong}.`;
    }
  }
  return null;
}

function isWrong(latency: number): boolean {
  return !(latency >= 0 && latency < Infinity);
}

/** A t interval over the features' own log ratios. */
export interface PerFeatureRatio extends Readonly<
  Record<"mean" | "se" | "df" | "ratio" | "ratioCi90Lower" | "ratioCi90Upper", number>
> {}

/**
 * The t interval of the features' own log ratios of 95th percentiles. Null below two features.
 *
 * @example
 * ratioOverFeatures([0, 0.2])?.mean; // 0.1
 */
function ratioOverFeatures(logRatios: readonly number[]): PerFeatureRatio | null {
  if (logRatios.length === 0) return null;
  const { estimate, se, df } = fitMean(logRatios);
  if (se === null) return null;
  const { lower, upper } = tInterval({ estimate, se, df }, LEVEL);
  return {
    mean: estimate,
    se,
    df,
    ratio: Math.exp(estimate),
    ratioCi90Lower: Math.exp(lower),
    ratioCi90Upper: Math.exp(upper),
  };
}
