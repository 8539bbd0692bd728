import { quantileSorted } from "simple-statistics";

import type { Limits } from "../errors/share-intervals.ts";
import { openRepeatedStream } from "../randomisation/repeated-stream.ts";
import type { AnalysisStatus } from "../status.ts";
import { bootstrapFeatures, drawFeatures } from "./cluster-bootstrap.ts";
import { logQuantileRatio, poolArms, type WeightedLogRatio } from "./log-quantile-ratio.ts";
import { ratioOverFeatures, type PerFeatureRatio } from "./per-feature-ratio.ts";
import { percentileInterval } from "./percentile-interval.ts";
import type { FeatureLatencies } from "./requests.ts";
import { weightedQuantile } from "./weighted-quantile.ts";

const P = 0.95;
const LEVEL = 0.9;
const BOOTSTRAP_FROM_FEATURES = 8;
const REQUESTS_MIN = 20;

/** What the comparison is computed from. */
export interface LatencyInput {
  /** Complete pairs only. */
  readonly features: readonly FeatureLatencies[];
  /** Opens the stream `bootstrap|latency_p95`. */
  readonly rootSeed: string;
  /** 1999 by default. */
  readonly replicates?: number;
}

/** The ratio of 95th percentiles B / A. `null`: not available. */
export interface LatencyComparison {
  readonly status: AnalysisStatus;
  /** Which value is impossible, where the status is `invalid_input`. */
  readonly problem: string | null;
  readonly features: number | null;
  readonly requestsA: number | null;
  readonly requestsB: number | null;
  readonly p50A: number | null;
  readonly p50B: number | null;
  readonly p95A: number | null;
  readonly p95B: number | null;
  readonly ratio: number | null;
  readonly logRatio: number | null;
  /** Bootstrap percentile interval at 90 %. */
  readonly percentileRatioCi: Limits | null;
  readonly perFeatureLogRatios: readonly number[];
  readonly perFeatureT: PerFeatureRatio | null;
  /** The 90 % interval that decides, and where it comes from. */
  readonly decisionRatioCi: Limits | null;
  readonly decisionMethod: "bootstrap" | "per_feature_t" | null;
}

const NOTHING: LatencyComparison = {
  status: "no_data",
  problem: null,
  features: 0,
  requestsA: 0,
  requestsB: 0,
  p50A: null,
  p50B: null,
  p95A: null,
  p95B: null,
  ratio: null,
  logRatio: null,
  percentileRatioCi: null,
  perFeatureLogRatios: [],
  perFeatureT: null,
  decisionRatioCi: null,
  decisionMethod: null,
};

/**
 * Is the candidate slower where it hurts? The ratio of the 95th percentiles of all requests with a
 * bootstrap interval by feature; below 8 features the t interval of the features' own log ratios
 * decides instead.
 *
 * Assumes independent features; nothing about the requests within one. Fewer than 20 requests on an
 * arm carry no 95th percentile: `insufficient`.
 *
 * Source: Davison & Hinkley, Bootstrap Methods and their Application, 1997.
 */
export function compareLatencies(input: LatencyInput): LatencyComparison {
  const problem = findProblem(input.features);
  if (problem !== null) return { ...NOTHING, status: "invalid_input", problem, features: null };
  const features = input.features.filter(({ a, b }) => a.length > 0 && b.length > 0);
  if (features.length === 0) return NOTHING;
  const everything = new Uint32Array(features.length).fill(1);
  const pooled = poolArms(features);
  const shown: LatencyComparison = {
    ...NOTHING,
    status: "insufficient",
    features: features.length,
    requestsA: pooled.a.values.length,
    requestsB: pooled.b.values.length,
    p50A: weightedQuantile(pooled.a, 0.5, everything),
    p50B: weightedQuantile(pooled.b, 0.5, everything),
    p95A: weightedQuantile(pooled.a, P, everything),
    p95B: weightedQuantile(pooled.b, P, everything),
  };
  const statistic = logQuantileRatio(pooled, P);
  const logRatio = statistic(everything);
  const fewest = Math.min(pooled.a.values.length, pooled.b.values.length);
  if (fewest < REQUESTS_MIN || logRatio === null) return shown;
  return {
    ...shown,
    logRatio,
    ratio: Math.exp(logRatio),
    ...intervals({ ...input, features }, statistic),
  };
}

function intervals(
  { features, rootSeed, replicates = 1999 }: LatencyInput,
  statistic: WeightedLogRatio,
): Partial<LatencyComparison> {
  const count = features.length;
  const perFeatureLogRatios = features.flatMap(ownLogRatio);
  const perFeatureT = ratioOverFeatures(perFeatureLogRatios);
  const rng = openRepeatedStream(rootSeed, "bootstrap|latency_p95", count * replicates);
  const draw = drawFeatures(count, rng);
  const drawn = bootstrapFeatures(statistic, { features: count, replicates }, draw);
  const logCi = drawn.length < replicates ? null : percentileInterval(drawn, LEVEL);
  const percentileRatioCi: Limits | null = logCi && [Math.exp(logCi[0]), Math.exp(logCi[1])];
  const perFeatureCi: Limits | null = perFeatureT && [
    perFeatureT.ratioCi90Lower,
    perFeatureT.ratioCi90Upper,
  ];
  const isBootstrap = count >= BOOTSTRAP_FROM_FEATURES;
  const decisionRatioCi = isBootstrap ? percentileRatioCi : perFeatureCi;
  return {
    status: decisionRatioCi === null ? "insufficient" : "ok",
    percentileRatioCi,
    perFeatureLogRatios,
    perFeatureT,
    decisionRatioCi,
    decisionMethod: decisionRatioCi && (isBootstrap ? "bootstrap" : "per_feature_t"),
  };
}

function ownLogRatio({ a, b }: FeatureLatencies): readonly number[] {
  const p95A = quantileSorted(a.toSorted(ascending), P);
  const p95B = quantileSorted(b.toSorted(ascending), P);
  return p95A > 0 && p95B > 0 ? [Math.log(p95B) - Math.log(p95A)] : [];
}

function ascending(first: number, second: number): number {
  return first - second;
}

function findProblem(features: readonly FeatureLatencies[]): string | null {
  for (const [index, { a, b }] of features.entries()) {
    const wrong = [...a, ...b].find((latency) => !(latency >= 0 && latency < Infinity));
    if (wrong !== undefined) {
      return `Feature ${index + 1}: expected latencies of 0 ms or more, got ${wrong}.`;
    }
  }
  return null;
}
