import type { CandidateAnalysis } from "../statistics/candidate/analyse-candidate.ts";
import { judgeCriteria, type CriteriaLimits } from "./judge-criteria.ts";
import type { Look } from "./look.ts";

/** What a look knows beside the statistics. */
export interface LookContext {
  /** Hash of the data looked at. */
  readonly fingerprint: string;
  /** Valid windows of the baseline and of the candidate. */
  readonly windowsA: number;
  readonly windowsB: number;
  /** Whether a pair that is counted has a capped window. */
  readonly capped: boolean;
  readonly deterministicRegressions: number;
  /** The p-value of the current cost e-value, adjusted for several candidates. */
  readonly adjustedCostP?: number;
}

/** Reads one candidate's statistics as the gates need them. */
export function lookFromAnalysis(
  analysis: CandidateAnalysis,
  context: LookContext,
  limits: CriteriaLimits,
): Look {
  const { cost, quality, errors, latency, power } = analysis;
  const { deterministicRegressions, adjustedCostP, ...known } = context;
  return {
    ...known,
    nPairs: analysis.pairs,
    ciWidth: cost.rounds.ciWidthRel,
    zeroVariance: cost.rounds.status === "zero_variance",
    power: power.power,
    qualityRatio: quality.ratio,
    criteria: judgeCriteria(
      {
        cost: cost.rounds,
        totalsRatio: cost.unadjusted.totalsRatio,
        costEvidence: cost.evidenceAgainstTarget,
        ...(adjustedCostP === undefined ? {} : { adjustedCostP }),
        quality,
        errors,
        latency,
        deterministicRegressions,
      },
      limits,
    ),
  };
}
