import type { CandidateAnalysis } from "../statistics/candidate/analyse-candidate.ts";

/** A number that is known and finite, else null. */
type Figure = number | null;
type Interval = readonly [Figure, Figure] | null;

/** The numbers behind a look, as the gates' reasons and the reports quote them. */
export interface LookFigures {
  readonly costRatio: Figure;
  /** 95 %, fixed-n. */
  readonly costRatioCi95: Interval;
  /** 95 %, anytime-valid. */
  readonly costRatioCs95: Interval;
  readonly totalsRatio: Figure;
  /** Natural logarithms of e-values: against a ratio of 1, of the target, and by signs alone. */
  readonly logE1: Figure;
  readonly logETarget: Figure;
  readonly logESign: Figure;
  readonly qualityRatio: Figure;
  readonly logEQuality: Figure;
  readonly errorDifference: Figure;
  /** 90 %, fixed-n: the interval that decides. */
  readonly errorDifferenceCi90: Interval;
  readonly latencyRatio: Figure;
  /** 90 %, fixed-n: the interval that decides. */
  readonly latencyRatioCi90: Interval;
  readonly power: Figure;
  readonly powerConservative: Figure;
  /** Pairs still missing as things stand; null where 500 more would not do. */
  readonly extraForMinPairs: Figure;
  readonly extraForCiWidth: Figure;
  readonly extraForPower: Figure;
  readonly extraForEvidence: Figure;
  /** Features until quality is confirmed, if the others score as these do on average. */
  readonly extraForQuality: Figure;
  readonly extraWindows: Figure;
  /** The same at the 80 % upper limit of the spread. */
  readonly extraWindowsConservative: Figure;
}

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
  return {
    extraForMinPairs: projection?.extraForMinPairs ?? null,
    extraForCiWidth: projection?.extraForCiWidth ?? null,
    extraForPower: projection?.extraForPower ?? null,
    extraForEvidence: projection?.extraForEvidence ?? null,
    extraForQuality,
    extraWindows: projection?.extraWindows ?? null,
    extraWindowsConservative: projectionConservative?.extraWindows ?? null,
  };
}

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
