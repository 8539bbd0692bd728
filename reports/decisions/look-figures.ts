import { z } from "zod";

import type { CandidateAnalysis } from "../statistics/candidate/analyse-candidate.ts";

/** A number that is known and finite, else null. */
const Figure = z.number().nullable().catch(null);
type Figure = number | null;
const Interval = z.tuple([Figure, Figure]).readonly().nullable().catch(null);
type Interval = readonly [Figure, Figure] | null;

/** The numbers behind a look, as the gates' reasons and the reports quote them. */
export const LookFigures = z.looseObject({
  costRatio: Figure,
  /** 95 %, fixed-n. */
  costRatioCi95: Interval,
  /** 95 %, anytime-valid. */
  costRatioCs95: Interval,
  totalsRatio: Figure,
  /** Natural logarithms of e-values: against a ratio of 1, of the target, and by signs alone. */
  logE1: Figure,
  logETarget: Figure,
  logESign: Figure,
  qualityRatio: Figure,
  logEQuality: Figure,
  errorDifference: Figure,
  /** 90 %, fixed-n: the interval that decides. */
  errorDifferenceCi90: Interval,
  latencyRatio: Figure,
  /** 90 %, fixed-n: the interval that decides. */
  latencyRatioCi90: Interval,
  power: Figure,
  powerConservative: Figure,
  /** Pairs still missing as things stand; null where 500 more would not do. */
  extraForMinPairs: Figure,
  extraForCiWidth: Figure,
  extraForPower: Figure,
  extraForEvidence: Figure,
  /** Features until quality is confirmed, if the others score as these do on average. */
  extraForQuality: Figure,
  extraWindows: Figure,
  /** The same at the 80 % upper limit of the spread. */
  extraWindowsConservative: Figure,
});
export type LookFigures = z.infer<typeof LookFigures>;

export function figuresOf(analysis: CandidateAnalysis): LookFigures {
  const { quality, power, errors, latency } = analysis;
  return {
    ...costFigures(analysis.cost),
    qualityRatio: finite(quality.ratio),
    logEQuality: lastOf(quality.betting.logENonInferior),
    errorDifference: finite(errors.diff),
    errorDifferenceCi90: errors.status === "ok" ? interval(...errors.miettinenNurminen90) : null,
    latencyRatio: finite(latency.ratio),
    latencyRatioCi90: latency.decisionRatioCi && interval(...latency.decisionRatioCi),
    power: finite(power.power),
    powerConservative: finite(power.powerConservative),
    ...missingPairs(analysis),
  };
}

function costFigures({
  rounds,
  unadjusted,
  evidenceAgainst1,
  evidenceAgainstTarget,
}: CandidateAnalysis["cost"]) {
  const final = evidenceAgainstTarget.final;
  return {
    costRatio: finite(rounds.ratio ?? expOf(rounds.estimate)),
    costRatioCi95: interval(rounds.ratioCi95Lower, rounds.ratioCi95Upper),
    costRatioCs95: final && interval(final.ratioCs95Lower, final.ratioCs95Upper),
    totalsRatio: finite(unadjusted.totalsRatio),
    logE1: lastOf(evidenceAgainst1.logEGreater),
    logETarget: lastOf(evidenceAgainstTarget.logEGreater),
    logESign: lastOf(evidenceAgainstTarget.signLogE),
  };
}

function missingPairs({ projection, projectionConservative, extraForQuality }: CandidateAnalysis) {
  const { extraForMinPairs, extraForCiWidth, extraForPower, extraForEvidence, extraWindows } =
    projection ?? NO_PROJECTION;
  return {
    extraForMinPairs,
    extraForCiWidth,
    extraForPower,
    extraForEvidence,
    extraForQuality,
    extraWindows,
    extraWindowsConservative: projectionConservative?.extraWindows ?? null,
  };
}

const NO_PROJECTION = {
  extraForMinPairs: null,
  extraForCiWidth: null,
  extraForPower: null,
  extraForEvidence: null,
  extraWindows: null,
};

function interval(lower: number | null, upper: number | null): Interval {
  return lower === null || upper === null ? null : [finite(lower), finite(upper)];
}

function lastOf(values: readonly number[]): Figure {
  return finite(values.at(-1) ?? null);
}

function finite(value: number | null): Figure {
  return value !== null && Number.isFinite(value) ? value : null;
}

function expOf(log: number | null): number | null {
  return log === null ? null : Math.exp(log);
}
