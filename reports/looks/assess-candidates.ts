import type { CandidateData } from "../evidence/resolved-pairs.ts";
import {
  analyseCandidate,
  type CandidateAnalysis,
} from "../statistics/candidate/analyse-candidate.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import { holm, pFromLogE } from "../statistics/multi-arm/holm.ts";
import type { GateFile } from "./gate-file.ts";
import { judgeCriteria } from "./judge-criteria.ts";
import type { LookMemory } from "./look-memory.ts";
import type { Look } from "./look.ts";
import { withKnownCost } from "./no-cost.ts";
import { optionsOf } from "./thresholds.ts";

/** A candidate's data with the fingerprint of their windows. */
export type LookedAt = CandidateData & { readonly fingerprint: string };

/** The question that all candidates share, and their data. */
export interface AssessmentInput {
  readonly baseline: string;
  readonly rootSeed: string;
  readonly gates: GateFile;
  readonly candidates: readonly LookedAt[];
  /** The number of registered candidates; those without data enter with p = 1. */
  readonly registered?: number;
  readonly memory?: LookMemory | undefined;
}

/** A candidate's statistics and what the gates read of them. */
export interface AssessedCandidate {
  readonly candidate: string;
  readonly analysis: CandidateAnalysis;
  readonly look: Look;
}

/**
 * Analyses every candidate against the baseline and judges the criteria. With several candidates
 * Holm's method adjusts the evidence on cost, so that more candidates do not mean more chances.
 */
export function assessCandidates(input: AssessmentInput): readonly AssessedCandidate[] {
  const { baseline, rootSeed, gates, candidates, registered = candidates.length } = input;
  const analyses = candidates.map((data) =>
    analyseCandidate({
      ...data,
      baseline,
      rootSeed,
      options: optionsOf(gates),
      memory: input.memory?.of(data.candidate),
    }),
  );
  const pValues = Array.from({ length: registered }, (_, index) =>
    pFromLogE(analyses[index]?.cost.evidenceAgainstTarget.logEGreater.at(-1) ?? 0),
  );
  const adjusted = holm(pValues);
  return candidates.flatMap((data, index) => {
    const analysis = analyses[index];
    if (analysis === undefined) return [];
    const adjustedCostP = registered > 1 ? adjusted[index] : undefined;
    return [
      {
        candidate: data.candidate,
        analysis,
        look: lookAt(data, analysis, { input, adjustedCostP }),
      },
    ];
  });
}

function lookAt(
  data: LookedAt,
  analysis: CandidateAnalysis,
  { input: { baseline, gates }, adjustedCostP }: Judging,
): Look {
  const { cost, quality, errors, latency, power } = analysis;
  const { candidate, windows, capped, deterministicRegressions } = data;
  const analyses = {
    cost: cost.rounds,
    totalsRatio: cost.unadjusted.totalsRatio,
    costEvidence: cost.evidenceAgainstTarget,
    adjustedCostP,
    quality,
    errors,
    latency,
    deterministicRegressions,
  };
  return {
    fingerprint: data.fingerprint,
    windowsA: countOf(windows, baseline),
    windowsB: countOf(windows, candidate),
    capped,
    nPairs: analysis.pairs,
    ...(analysis.families === null ? {} : { nFamilies: analysis.families }),
    ciWidth: cost.rounds.ciWidthRel,
    zeroVariance: cost.rounds.status === "zero_variance",
    power: power.power,
    qualityRatio: quality.ratio,
    criteria: withKnownCost(judgeCriteria(analyses, gates), capped),
  };
}

interface Judging {
  readonly input: AssessmentInput;
  /** The p-value of the current cost e-value, adjusted for several candidates. */
  readonly adjustedCostP: number | undefined;
}

/** Whether the orders of the pairs occur in another ratio than assigned. */
export function isAllocationAlarm({ allocation }: CandidateAnalysis, gates: GateFile): boolean {
  return allocation.logE >= -Math.log(gates.srm_threshold);
}

function countOf(windows: readonly AnalysedWindow[], provider: string): number {
  return windows.filter((window) => window.provider === provider).length;
}
