import { z } from "zod";

import type { CandidateAnalysis } from "../statistics/candidate/analyse-candidate.ts";

/** A number that is known and finite, else null. */
const Figure = z.number().nullable().catch(null);
type Figure = number | null;
const Interval = z.tuple([Figure, Figure]).readonly().nullable().catch(null);
type Interval = readonly [Figure, Figure] | null;

/** The numbers behind a look, as the gates' reasons and the reports quote them. */
export const LookFigures = z.looseObject({
  /** Complete pairs by their order, and pairs that lack a window, by its period. */
  pairsAB: Figure,
  pairsBA: Figure,
  missingPeriod1: Figure,
  missingPeriod2: Figure,
  costRatio: Figure,
  /** 95 %, fixed-n. */
  costRatioCi95: Interval,
  /** 95 %, anytime-valid. */
  costRatioCs95: Interval,
  totalsRatio: Figure,
  /** 95 %, fixed-n. */
  totalsRatioCi95: Interval,
  /** Features in which the candidate is no cheaper, and the 95 % one-sided upper bound of their share. */
  adversePairs: Figure,
  adverseShareUpper95: Figure,
  /** Period 1 ÷ period 2. */
  orderEffect: Figure,
  orderEffectP: Figure,
  /** Log scale; null where features were run in several replicates. */
  carryover: Figure,
  carryoverP: Figure,
  /** Natural logarithms of e-values: against a ratio of 1, of the target, and by signs alone. */
  logE1: Figure,
  logETarget: Figure,
  logESign: Figure,
  qualityRatio: Figure,
  /** 95 %, fixed-n, by Fieller; null where it is not bounded. */
  qualityRatioCi95: Interval,
  /** That the candidate keeps the share asked for, and that it drops at all: t tests and sign flips. */
  qualityKeptP: Figure,
  qualityKeptSignFlipP: Figure,
  qualityDropP: Figure,
  qualityDropSignFlipP: Figure,
  logEQuality: Figure,
  errorDifference: Figure,
  /** 95 %, fixed-n, by Newcombe: the interval that is shown. */
  errorDifferenceCi95: Interval,
  errorDesignEffectA: Figure,
  errorDesignEffectB: Figure,
  /** 90 %, fixed-n: the interval that decides. */
  errorDifferenceCi90: Interval,
  latencyRatio: Figure,
  /** 90 %, fixed-n: the interval that decides. */
  latencyRatioCi90: Interval,
  power: Figure,
  powerConservative: Figure,
  /** That the orders occur as assigned: exact p, and the natural logarithm of the e-value against it. */
  allocationP: Figure,
  allocationLogE: Figure,
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
  const { power, latency, allocation } = analysis;
  return {
    pairsAB: analysis.pairsAB,
    pairsBA: analysis.pairsBA,
    missingPeriod1: analysis.missingPeriod1,
    missingPeriod2: analysis.missingPeriod2,
    ...costFigures(analysis.cost),
    ...orderFigures(analysis.cost),
    ...qualityFigures(analysis.quality),
    ...errorFigures(analysis.errors),
    latencyRatio: finite(latency.ratio),
    latencyRatioCi90: latency.decisionRatioCi && interval(...latency.decisionRatioCi),
    power: finite(power.power),
    powerConservative: finite(power.powerConservative),
    allocationP: finite(allocation.p),
    allocationLogE: finite(allocation.logE),
    ...missingPairs(analysis),
  };
}

function orderFigures({ rounds, crossover }: CandidateAnalysis["cost"]) {
  return {
    orderEffect: finite(expOf(rounds.period)),
    orderEffectP: finite(rounds.periodEffect.pTwoSided),
    carryover: finite(crossover?.carryover?.estimate),
    carryoverP: finite(crossover?.carryover?.pTwoSided),
  };
}

function qualityFigures(quality: CandidateAnalysis["quality"]) {
  const { fieller95 } = quality;
  const kept = quality.contrastTPeriodAdjusted ?? quality.contrastT;
  const drop = quality.dropTPeriodAdjusted ?? quality.dropT;
  return {
    qualityRatio: finite(quality.ratio),
    qualityRatioCi95:
      fieller95?.type === "bounded" ? interval(fieller95.lower, fieller95.upper) : null,
    qualityKeptP: finite(kept?.pGreater),
    qualityKeptSignFlipP: finite(quality.contrastSignFlip?.pGreater),
    qualityDropP: finite(drop?.pLess),
    qualityDropSignFlipP: finite(quality.dropSignFlip?.pLess),
    logEQuality: lastOf(quality.betting.logENonInferior),
  };
}

function errorFigures(errors: CandidateAnalysis["errors"]) {
  const isKnown = errors.status === "ok";
  return {
    errorDifference: finite(errors.diff),
    errorDifferenceCi95: isKnown ? interval(...errors.newcombe95) : null,
    errorDifferenceCi90: isKnown ? interval(...errors.miettinenNurminen90) : null,
    errorDesignEffectA: finite(errors.raoScottA?.deff),
    errorDesignEffectB: finite(errors.raoScottB?.deff),
  };
}

function costFigures({
  rounds,
  unadjusted,
  adverse,
  evidenceAgainst1,
  evidenceAgainstTarget,
}: CandidateAnalysis["cost"]) {
  const final = evidenceAgainstTarget.final;
  return {
    costRatio: finite(rounds.ratio ?? expOf(rounds.estimate)),
    costRatioCi95: interval(rounds.ratioCi95Lower, rounds.ratioCi95Upper),
    costRatioCs95: final && interval(final.ratioCs95Lower, final.ratioCs95Upper),
    totalsRatio: finite(unadjusted.totalsRatio),
    totalsRatioCi95: interval(unadjusted.totalsCi95Lower, unadjusted.totalsCi95Upper),
    adversePairs: finite(adverse.adversePairs),
    adverseShareUpper95: finite(adverse.shareUpper95),
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

function finite(value: number | null | undefined): Figure {
  return value !== null && value !== undefined && Number.isFinite(value) ? value : null;
}

function expOf(log: number | null): number | null {
  return log === null ? null : Math.exp(log);
}
