import type { CostEProcess } from "../statistics/anytime/cost-e-process.ts";
import type { CrossoverRounds } from "../statistics/cost/crossover-rounds.ts";
import type { Crossover } from "../statistics/cost/crossover.ts";
import type { ErrorRateComparison } from "../statistics/errors/compare-error-rates.ts";
import type { LatencyComparison } from "../statistics/latency/compare-latencies.ts";
import type { Quality } from "../statistics/quality/analyse-quality.ts";
import { reaches, staysWithin } from "./gate-thresholds.ts";
import type { Finding, LookCriteria } from "./look.ts";

const SIGNIFICANT_DROP_FROM_FEATURES = 3;

/** The limits that criteria are judged by. */
export interface CriteriaLimits {
  /** One-sided. */
  readonly alpha: number;
  /** How many times cheaper the candidate must be. */
  readonly costTarget: number;
  /** Share of the baseline's quality to be kept. */
  readonly qualityMin: number;
  /** By how much the error rate may be higher. */
  readonly errorMargin: number;
  /** By what factor the 95th percentile of latency may be higher. */
  readonly latencyMargin: number;
}

/** The limits where none are configured. */
export const DEFAULT_LIMITS: CriteriaLimits = {
  alpha: 0.05,
  costTarget: 2,
  qualityMin: 0.8,
  errorMargin: 0.02,
  latencyMargin: 1.3,
};

/** The analyses of one look. */
export interface LookAnalyses {
  readonly cost: Pick<Crossover | CrossoverRounds, "ratio" | "nullTests">;
  readonly totalsRatio: number | null;
  /** Against the cost target, in schedule order. */
  readonly costEvidence: Pick<
    CostEProcess,
    "logEGreater" | "logELess" | "signLogE" | "signLogELess"
  >;
  /** The p-value of the current cost e-value, adjusted for several candidates. */
  readonly adjustedCostP?: number;
  readonly quality: Quality;
  readonly errors: Pick<ErrorRateComparison, "diff" | "miettinenNurminen90" | "status">;
  readonly latency: Pick<LatencyComparison, "ratio" | "decisionRatioCi">;
  readonly deterministicRegressions: number;
}

/**
 * Judges every criterion at one look: literally (`point`), at a fixed number of pairs (`fixed`) and
 * at any time of looking (`anytime`, `sign`). A value that is not available is not met.
 */
export function judgeCriteria(
  analyses: LookAnalyses,
  limits: CriteriaLimits = DEFAULT_LIMITS,
): LookCriteria {
  return {
    cost: judgeCost(analyses, limits),
    quality: judgeQuality(analyses.quality, limits),
    errors: judgeErrors(analyses.errors, limits),
    latency: judgeLatency(analyses.latency, limits),
    deterministicRegressions: analyses.deterministicRegressions,
  };
}

function judgeCost(analyses: LookAnalyses, { alpha, costTarget }: CriteriaLimits) {
  const { cost, totalsRatio, costEvidence, adjustedCostP } = analyses;
  const test = cost.nullTests.find(({ theta0 }) => theta0 === costTarget);
  const { logEGreater, logELess, signLogE, signLogELess } = costEvidence;
  const confirmingP = adjustedCostP ?? pOfLast(logEGreater);
  return {
    point: reaches(cost.ratio, costTarget) && reaches(totalsRatio, costTarget),
    fixed: classify({ confirming: test?.pGreater, contradicting: test?.pLess }, alpha),
    anytime: classify({ confirming: confirmingP, contradicting: pOfLast(logELess) }, alpha),
    sign: classify({ confirming: pOfLast(signLogE), contradicting: pOfLast(signLogELess) }, alpha),
  };
}

function judgeQuality(quality: Quality, { alpha, qualityMin }: CriteriaLimits) {
  const contrast = quality.contrastTPeriodAdjusted ?? quality.contrastT;
  const { contrastSignFlip, betting } = quality;
  const confirming = larger(contrast?.pGreater, contrastSignFlip?.pGreater);
  const contradicting = larger(contrast?.pLess, contrastSignFlip?.pLess);
  const point =
    quality.ratio !== null && (reaches(quality.ratio, qualityMin) || showsNoDrop(quality, alpha));
  return {
    point,
    fixed: classify({ confirming, contradicting }, alpha),
    anytime: classify(
      {
        confirming: pOfLast(betting.logENonInferior),
        contradicting: pOfLast(betting.logEInferior),
      },
      alpha,
    ),
  };
}

/** No significant drop, where there were enough features to show one. */
function showsNoDrop(quality: Quality, alpha: number): boolean {
  const drop = quality.dropTPeriodAdjusted ?? quality.dropT;
  const { dropSignFlip, dropTestable, n } = quality;
  if ((n ?? 0) < SIGNIFICANT_DROP_FROM_FEATURES || !dropTestable) return false;
  if (drop === null || dropSignFlip === null) return false;
  return !staysWithin(Math.min(drop.pLess, dropSignFlip.pLess), alpha);
}

function judgeErrors(errors: LookAnalyses["errors"], { errorMargin }: CriteriaLimits) {
  return {
    point: staysWithin(errors.diff, errorMargin),
    fixed: classifyInterval(errors.miettinenNurminen90, errorMargin),
  };
}

function judgeLatency(latency: LookAnalyses["latency"], { latencyMargin }: CriteriaLimits) {
  return {
    point: staysWithin(latency.ratio, latencyMargin),
    fixed: classifyInterval(latency.decisionRatioCi, latencyMargin),
  };
}

function classify(
  p: { readonly confirming: number | undefined; readonly contradicting: number | undefined },
  alpha: number,
): Finding {
  if (staysWithin(p.confirming ?? null, alpha)) return "confirmed";
  return staysWithin(p.contradicting ?? null, alpha) ? "contradicted" : "inconclusive";
}

function classifyInterval(limits: readonly [number, number] | null, margin: number): Finding {
  if (limits === null) return "inconclusive";
  const [lower, upper] = limits;
  if (staysWithin(upper, margin)) return "confirmed";
  return staysWithin(lower, margin) ? "inconclusive" : "contradicted";
}

/** 1/E of the last e-value; undefined before the first pair. */
function pOfLast(logE: readonly number[]): number | undefined {
  const last = logE.at(-1);
  return last === undefined ? undefined : Math.exp(-last);
}

function larger(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined || second === undefined ? undefined : Math.max(first, second);
}
