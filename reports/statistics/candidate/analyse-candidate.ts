import { checkAllocation, type AllocationCheck } from "../anytime/allocation-check.ts";
import { summariseArm, type ArmSummary } from "../arm-summary.ts";
import {
  compareClusteredErrorRates,
  type ClusteredErrorRates,
} from "../errors/compare-error-rates.ts";
import { compareLatencies, type LatencyComparison } from "../latency/compare-latencies.ts";
import { fitMean, fitPeriodAdjusted } from "../period-adjusted-fit.ts";
import { gatePower, type CriterionDesign, type GatePower } from "../power/gate-power.ts";
import { DEFAULT_PROJECTION, projectPairs, type Projection } from "../power/projection.ts";
import { sdUpperLimit } from "../power/sd-upper-limit.ts";
import { analyseQuality, type Quality } from "../quality/analyse-quality.ts";
import { contrastsOf } from "../quality/contrast-test.ts";
import { featuresToConfirm } from "../quality/features-to-confirm.ts";
import { analyseCost, type CandidateCost } from "./analyse-cost.ts";
import {
  errorsByFeature,
  latenciesByFeature,
  qualityByFeature,
  type FeatureScores,
} from "./feature-values.ts";
import { matchPairs, type FeaturePairs, type MatchInput, type WindowPair } from "./match-pairs.ts";
import type { AnalysedWindow } from "./window.ts";

/** What is configured about the analysis. */
export interface AnalysisOptions {
  readonly alpha: number;
  readonly costTarget: number;
  readonly qualityMin: number;
  readonly errorMargin: number;
  readonly bootstrapReplicates: number;
  readonly bettingGrid: number;
  readonly priorPrecision: number;
  readonly minPairs: number;
  readonly ciWidthMax: number;
  readonly powerMin: number;
}

/** The defaults of the statistical specification. */
export const DEFAULT_OPTIONS: AnalysisOptions = {
  alpha: 0.05,
  costTarget: 2,
  qualityMin: 0.8,
  errorMargin: 0.02,
  bootstrapReplicates: 1999,
  bettingGrid: 20,
  priorPrecision: 1,
  minPairs: 3,
  ciWidthMax: 0.3,
  powerMin: 0.8,
};

/** The streams of random numbers that an analysis draws from. */
export const ANALYSIS_STREAMS: readonly string[] = ["permutation|quality", "bootstrap|latency_p95"];

/** One candidate against the baseline. */
export interface CandidateInput extends MatchInput {
  readonly rootSeed: string;
  /** Features some of whose pairs may still come; evidence stops before the first of them. */
  readonly unresolved?: readonly string[];
  readonly options?: Partial<AnalysisOptions>;
}

/** One arm's windows, over complete pairs. */
export interface ArmReport {
  readonly cost: ArmSummary;
  readonly quality: ArmSummary;
}

/** All of the statistics of one candidate against the baseline. */
export interface CandidateAnalysis {
  /** A window that is impossible or comes twice, in words; all analyses are then empty. */
  readonly problem: string | null;
  readonly baseline: string;
  readonly candidate: string;
  /** Features with a complete pair. */
  readonly features: number;
  readonly pairs: number;
  readonly pairsAB: number;
  readonly pairsBA: number;
  readonly incompletePairs: number;
  readonly missingPeriod1: number;
  readonly missingPeriod2: number;
  /** Features in the resolved prefix of the schedule, which evidence at any time rests on. */
  readonly prefixFeatures: number;
  readonly arms: { readonly a: ArmReport; readonly b: ArmReport };
  readonly cost: CandidateCost;
  readonly quality: Quality;
  readonly errors: ClusteredErrorRates;
  readonly latency: LatencyComparison;
  readonly power: GatePower;
  /** How many more windows, as things stand and at the 80 % upper limit of the spread. */
  readonly projection: Projection | null;
  readonly projectionConservative: Projection | null;
  /** Features until quality is confirmed at any time of looking; null where 500 would not do. */
  readonly extraForQuality: number | null;
  readonly allocation: AllocationCheck;
}

/**
 * Everything a preview prints about one candidate: cost, quality, errors, latency, power, what is
 * still missing, and whether the sequences occur as assigned.
 *
 * The unit of inference is the feature; replicates are averaged within it.
 */
export function analyseCandidate(input: CandidateInput): CandidateAnalysis {
  const { rootSeed, baseline, candidate, unresolved = [] } = input;
  const options = { ...DEFAULT_OPTIONS, ...input.options };
  const { features, ...matched } = matchPairs(input);
  const prefix = resolvedPrefix(features, input.schedule, unresolved);
  const pairs = features.flatMap((own) => own.pairs);
  const pairsAB = pairs.filter(({ sequence }) => sequence === "AB").length;
  const { alpha, qualityMin: rho, bettingGrid: gridK } = options;
  const scores = qualityByFeature(features);
  const cost = analyseCost(features, prefix, { ...options, g: options.priorPrecision });
  const quality = analyseQuality({ ...scores, rootSeed, rho, alpha, gridK });
  return {
    problem: matched.problem,
    baseline,
    candidate,
    features: features.length,
    pairs: pairs.length,
    pairsAB,
    pairsBA: pairs.length - pairsAB,
    incompletePairs: matched.incompletePairs,
    missingPeriod1: matched.missingPeriod1,
    missingPeriod2: matched.missingPeriod2,
    prefixFeatures: prefix.length,
    arms: { a: reportArm(pairs, ({ a }) => a), b: reportArm(pairs, ({ b }) => b) },
    cost,
    quality,
    errors: compareClusteredErrorRates(errorsByFeature(features), options.errorMargin),
    latency: compareLatencies({
      features: latenciesByFeature(features),
      rootSeed,
      replicates: options.bootstrapReplicates,
    }),
    power: powerOf(cost, scores, options),
    ...projections(cost, options),
    extraForQuality: featuresToConfirm(contrastsOf(scores, rho), { rho, alpha, gridK }),
    allocation: checkAllocation({
      counts: [pairsAB, pairs.length - pairsAB],
      probs: [0.5, 0.5],
    }),
  };
}

/** The features before the first one in the schedule that is not resolved. */
function resolvedPrefix(
  features: readonly FeaturePairs[],
  schedule: readonly string[] | undefined,
  unresolved: readonly string[],
): readonly FeaturePairs[] {
  const order = schedule ?? features.map(({ feature }) => feature);
  const end = order.findIndex((feature) => unresolved.includes(feature));
  const resolved = new Set(end === -1 ? order : order.slice(0, end));
  return features.filter(({ feature }) => resolved.has(feature));
}

function reportArm(
  pairs: readonly WindowPair[],
  pick: (pair: WindowPair) => AnalysedWindow,
): ArmReport {
  const windows = pairs.map(pick);
  return {
    cost: summariseArm(windows.map((window) => window.cost)),
    quality: summariseArm(windows.flatMap((window) => window.quality ?? [])),
  };
}

function powerOf(cost: CandidateCost, scores: FeatureScores, options: AnalysisOptions): GatePower {
  const { costTarget, qualityMin: rho, alpha } = options;
  const contrasts = contrastsOf(scores, rho);
  const fit =
    fitPeriodAdjusted(contrasts, scores.z) ?? (contrasts.length > 0 ? fitMean(contrasts) : null);
  const meanA = scores.a.reduce((total, score) => total + score, 0) / Math.max(1, scores.a.length);
  return gatePower({
    cost: designOf(cost.rounds),
    quality: fit && designOf(fit),
    meanQualityA: scores.a.length === 0 ? null : meanA,
    costTarget,
    rho,
    alpha,
  });
}

function designOf({
  sd,
  nEff,
  df,
}: {
  readonly sd: number | null;
  readonly nEff: number | null;
  readonly df: number | null;
}): CriterionDesign | null {
  return sd === null || nEff === null || df === null ? null : { sd, nEff, df };
}

function projections(
  { rounds }: CandidateCost,
  { alpha, costTarget, priorPrecision: g, minPairs, ciWidthMax, powerMin }: AnalysisOptions,
) {
  const { estimate, sd, df } = rounds;
  if (estimate === null || sd === null || df === null) {
    return { projection: null, projectionConservative: null };
  }
  const nAB = rounds.zBar.filter((z) => z > 0).length;
  const start = { tau: estimate, sdDiff: sd, nAB, nBA: rounds.zBar.length - nAB };
  const config = {
    ...DEFAULT_PROJECTION,
    minPairs,
    ciWidthMax,
    powerMin,
    alpha,
    ratioTarget: costTarget,
    evidenceNull: costTarget,
    g,
  };
  const cautious = { ...start, sdDiff: sdUpperLimit({ sd, df }, 0.8) };
  return {
    projection: projectPairs(start, config),
    projectionConservative: projectPairs(cautious, config),
  };
}
