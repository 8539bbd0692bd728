import type { CostEProcess } from "../statistics/anytime/cost-e-process.ts";
import type { CrossoverRounds } from "../statistics/cost/crossover-rounds.ts";
import type { Crossover } from "../statistics/cost/crossover.ts";
import type { ErrorRateComparison } from "../statistics/errors/compare-error-rates.ts";
import type { LatencyComparison } from "../statistics/latency/compare-latencies.ts";
import type { Quality } from "../statistics/quality/analyse-quality.ts";
import type { GateFile } from "./gate-file.ts";
import type { CriterionFinding, LookCriteria } from "./look.ts";
import { reaches, staysWithin } from "./thresholds.ts";

const SIGNIFICANT_DROP_FROM_FEATURES = 3;

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
  readonly adjustedCostP?: number | undefined;
  readonly quality: Quality;
  readonly errors: Pick<ErrorRateComparison, "diff" | "miettinenNurminen90" | "status">;
  readonly latency: Pick<LatencyComparison, "ratio" | "decisionRatioCi">;
  readonly deterministicRegressions: number;
}

/**
 * Judges every criterion at one look: literally (`point`), at a fixed number of pairs (`fixed`) and
 * at any time of looking (`anytime`, `sign`). A missing value does not meet its criterion.
 */
export function judgeCriteria(analyses: LookAnalyses, gates: GateFile): LookCriteria {
  const { errors, latency, deterministicRegressions } = analyses;
  return {
    cost: judgeCost(analyses, gates),
    quality: judgeQuality(analyses.quality, gates),
    errors: {
      point: staysWithin(errors.diff, gates.error_margin),
      fixed: classifyInterval(errors.miettinenNurminen90, errors.diff, gates.error_margin),
    },
    latency: {
      point: staysWithin(latency.ratio, gates.latency_margin),
      fixed: classifyInterval(latency.decisionRatioCi, latency.ratio, gates.latency_margin),
    },
    deterministicRegressions,
  };
}

export function judgeCost(
  analyses: Pick<LookAnalyses, "cost" | "totalsRatio" | "costEvidence" | "adjustedCostP">,
  { alpha, cost_target: target }: GateFile,
) {
  const { cost, totalsRatio, costEvidence, adjustedCostP } = analyses;
  const test = cost.nullTests.find(({ theta0 }) => theta0 === target);
  const { logEGreater, logELess, signLogE, signLogELess } = costEvidence;
  const confirmingP = adjustedCostP ?? pOfLast(logEGreater);
  return {
    point: reaches(cost.ratio, target) && reaches(totalsRatio, target),
    fixed: classify({ confirming: test?.pGreater, contradicting: test?.pLess }, alpha),
    anytime: classify({ confirming: confirmingP, contradicting: pOfLast(logELess) }, alpha),
    sign: classify({ confirming: pOfLast(signLogE), contradicting: pOfLast(signLogELess) }, alpha),
  };
}

export function judgeQuality(quality: Quality, { alpha, quality_min }: GateFile) {
  const contrast = quality.contrastTPeriodAdjusted ?? quality.contrastT;
  const { contrastSignFlip, betting } = quality;
  const confirming = larger(contrast?.pGreater, contrastSignFlip?.pGreater);
  const contradicting = larger(contrast?.pLess, contrastSignFlip?.pLess);
  const point =
    quality.ratio !== null && (reaches(quality.ratio, quality_min) || showsNoDrop(quality, alpha));
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

/** Whether enough features were compared to show a significant drop, and none is shown. */
function showsNoDrop(quality: Quality, alpha: number): boolean {
  const { dropTestable, n } = quality;
  if ((n ?? 0) < SIGNIFICANT_DROP_FROM_FEATURES || !dropTestable) return false;
  return dropP(quality) !== null && !findsDrop(quality, alpha);
}

/** Whether the candidate's quality is significantly below the baseline's, by either test. */
export function findsDrop(quality: Quality, alpha: number): boolean {
  return staysWithin(dropP(quality), alpha);
}

function dropP(quality: Quality): number | null {
  const drop = quality.dropTPeriodAdjusted ?? quality.dropT;
  const { dropSignFlip } = quality;
  return drop === null || dropSignFlip === null ? null : Math.min(drop.pLess, dropSignFlip.pLess);
}

function classify(
  p: { readonly confirming: number | undefined; readonly contradicting: number | undefined },
  alpha: number,
): CriterionFinding {
  if (staysWithin(p.confirming ?? null, alpha)) return "confirmed";
  return staysWithin(p.contradicting ?? null, alpha) ? "contradicted" : "inconclusive";
}

/** The point counts as well as the limit: an interval that does not test the point may leave it out. */
function classifyInterval(
  limits: readonly [number, number] | null,
  point: number | null,
  margin: number,
): CriterionFinding {
  if (limits === null || point === null) return "inconclusive";
  if (staysWithin(Math.max(limits[1], point), margin)) return "confirmed";
  return staysWithin(Math.min(limits[0], point), margin) ? "inconclusive" : "contradicted";
}

/** 1/E of the last e-value; undefined before the first pair. */
function pOfLast(logE: readonly number[]): number | undefined {
  const last = logE.at(-1);
  return last === undefined ? undefined : Math.exp(-last);
}

function larger(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined || second === undefined ? undefined : Math.max(first, second);
}
