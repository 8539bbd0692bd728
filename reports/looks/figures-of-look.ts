import type { CandidateAnalysis } from "../statistics/candidate/analyse-candidate.ts";
import { expOf } from "../statistics/exp-of.ts";

type Analysis = CandidateAnalysis;
type Known = number | null | undefined;
type Limits = readonly [number | null, number | null] | null;

/** The numbers behind a look, which the gates' reasons and the reports quote. */
export const FIGURES = {
  /** Complete pairs by their order, and pairs that lack a window, by its period. */
  pairsAB: figure(({ pairsAB }) => pairsAB),
  pairsBA: figure(({ pairsBA }) => pairsBA),
  missingPeriod1: figure(({ missingPeriod1 }) => missingPeriod1),
  missingPeriod2: figure(({ missingPeriod2 }) => missingPeriod2),
  costRatio: figure(({ cost: { rounds } }) => rounds.ratio ?? expOf(rounds.estimate)),
  /** 95 %, fixed-n. */
  costRatioCi95: limits(({ cost: { rounds } }) => [rounds.ratioCi95Lower, rounds.ratioCi95Upper]),
  /** 95 %, anytime-valid. */
  costRatioCs95: limits(
    ({
      cost: {
        evidenceAgainstTarget: { final },
      },
    }) => [final?.ratioCs95Lower, final?.ratioCs95Upper],
  ),
  totalsRatio: figure(({ cost }) => cost.unadjusted.totalsRatio),
  /** 95 %, fixed-n. */
  totalsRatioCi95: limits(({ cost: { unadjusted } }) => [
    unadjusted.totalsCi95Lower,
    unadjusted.totalsCi95Upper,
  ]),
  /** Features in which the candidate is no cheaper, and the 95 % one-sided upper bound of their share. */
  adversePairs: figure(({ cost }) => cost.adverse.adversePairs),
  adverseShareUpper95: figure(({ cost }) => cost.adverse.shareUpper95),
  /** Period 1 ÷ period 2. */
  orderEffect: figure(({ cost }) => expOf(cost.rounds.period)),
  orderEffectP: figure(({ cost }) => cost.rounds.periodEffect.pTwoSided),
  /** Log scale; null if features were run in several replicates. */
  carryover: figure(({ cost }) => cost.crossover?.carryover?.estimate),
  carryoverP: figure(({ cost }) => cost.crossover?.carryover?.pTwoSided),
  /** The factor of carry-over that this comparison finds with 80 % power. */
  carryoverDetectable: figure(({ cost }) => cost.carryoverDetectable),
  /** Log scale, within features in both orders; null without replicates that give them. */
  carryoverWithin: figure(({ cost }) => cost.carryoverWithin?.estimate),
  carryoverWithinP: figure(({ cost }) => cost.carryoverWithin?.pTwoSided),
  /** 95 %, fixed-n: the cost ratio of first periods alone, which nothing can carry over into. */
  firstPeriodRatio: figure(({ cost }) => expOf(cost.crossover?.firstPeriodOnly?.estimate ?? null)),
  firstPeriodRatioCi95: limits(({ cost }) => {
    const { ci95Lower = null, ci95Upper = null } = cost.crossover?.firstPeriodOnly ?? {};
    return [expOf(ci95Lower), expOf(ci95Upper)];
  }),
  /** Natural logarithms of e-values: against a ratio of 1, of the target, and by signs alone. */
  logE1: figure(({ cost }) => cost.evidenceAgainst1.logEGreater.at(-1)),
  logETarget: figure(({ cost }) => cost.evidenceAgainstTarget.logEGreater.at(-1)),
  logESign: figure(({ cost }) => cost.evidenceAgainstTarget.signLogE.at(-1)),
  /** The same for the ratio of totals, under the tasks' caps. */
  logETotals: figure(({ cost }) => cost.totalsEvidence?.logE),
  /** How alike the log cost ratios within a repository are; null below three repositories or twelve features. */
  repositoryCorrelation: figure(({ repositoryCorrelation }) => repositoryCorrelation),
  qualityRatio: figure(({ quality }) => quality.ratio),
  /** 95 %, fixed-n, by Fieller; null if it is not bounded. */
  qualityRatioCi95: limits(({ quality: { fieller95 } }) =>
    fieller95?.type === "bounded" ? [fieller95.lower, fieller95.upper] : [null, null],
  ),
  /** That the candidate keeps the required share, and that it drops at all: t tests and sign flips. */
  qualityKeptP: figure(
    ({ quality: { contrastTPeriodAdjusted, contrastT } }) =>
      (contrastTPeriodAdjusted ?? contrastT)?.pGreater,
  ),
  qualityKeptSignFlipP: figure(({ quality }) => quality.contrastSignFlip?.pGreater),
  qualityDropP: figure(
    ({ quality: { dropTPeriodAdjusted, dropT } }) => (dropTPeriodAdjusted ?? dropT)?.pLess,
  ),
  qualityDropSignFlipP: figure(({ quality }) => quality.dropSignFlip?.pLess),
  logEQuality: figure(({ quality }) => quality.betting.logENonInferior.at(-1)),
  errorDifference: figure(({ errors }) => errors.diff),
  /** 95 %, fixed-n, by Newcombe: the interval that is shown. */
  errorDifferenceCi95: limits(({ errors }) =>
    errors.status === "ok" ? errors.newcombe95 : [null, null],
  ),
  errorDesignEffectA: figure(({ errors }) => errors.raoScottA?.deff),
  errorDesignEffectB: figure(({ errors }) => errors.raoScottB?.deff),
  /** 90 %, fixed-n: the interval that decides. */
  errorDifferenceCi90: limits(({ errors }) =>
    errors.status === "ok" ? errors.miettinenNurminen90 : [null, null],
  ),
  latencyRatio: figure(({ latency }) => latency.ratio),
  /** 90 %, fixed-n: the interval that decides. */
  latencyRatioCi90: limits(({ latency }) => latency.decisionRatioCi ?? [null, null]),
  power: figure(({ power }) => power.power),
  powerConservative: figure(({ power }) => power.powerConservative),
  /** That the orders occur as assigned: exact p, and the natural logarithm of the e-value against it. */
  allocationP: figure(({ allocation }) => allocation.p),
  allocationLogE: figure(({ allocation }) => allocation.logE),
  /** Pairs that are missing as things stand; null if 500 more would not be enough. */
  extraForMinPairs: figure(({ projection }) => projection?.extraForMinPairs),
  extraForCiWidth: figure(({ projection }) => projection?.extraForCiWidth),
  extraForPower: figure(({ projection }) => projection?.extraForPower),
  extraForEvidence: figure(({ projection }) => projection?.extraForEvidence),
  /** Features until quality is confirmed, if further features score like these. */
  extraForQuality: figure(({ extraForQuality }) => extraForQuality),
  /** Features until the ratio of totals is confirmed. */
  extraForTotals: figure(({ cost }) => cost.totalsEvidence?.extra),
  extraWindows: figure(({ projection }) => projection?.extraWindows),
  /** The same at the 80 % upper limit of the spread. */
  extraWindowsConservative: figure(
    ({ projectionConservative }) => projectionConservative?.extraWindows,
  ),
};

/** The figures of a look by their names. */
export type FiguresOfLook = {
  readonly [Name in keyof typeof FIGURES]: ReturnType<(typeof FIGURES)[Name]["read"]>;
};

export function figuresOf(analysis: CandidateAnalysis): FiguresOfLook {
  const read = Object.entries(FIGURES).map(([name, one]) => [name, one.read(analysis)]);
  // `fromEntries` forgets the names, which are exactly those of the table.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(read) as FiguresOfLook;
}

function figure(read: (analysis: Analysis) => Known) {
  return { kind: "figure", read: (analysis: Analysis) => finite(read(analysis)) } as const;
}

/** Without one of its limits there is no interval; an infinite limit is null. */
function limits(read: (analysis: Analysis) => readonly [Known, Known]) {
  return {
    kind: "limits",
    read: (analysis: Analysis): Limits => {
      const [lower = null, upper = null] = read(analysis);
      return lower === null || upper === null ? null : [finite(lower), finite(upper)];
    },
  } as const;
}

export function finite(value: Known): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
