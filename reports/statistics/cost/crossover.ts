import { mean } from "simple-statistics";

import { fitMean, fitPeriodAdjusted, type PeriodAdjustedFit } from "../core/period-adjusted-fit.ts";
import { sequenceSign, type Sequence } from "../core/sequence.ts";
import { noneOf, type AnalysisStatus, type Figures } from "../core/status.ts";
import {
  NO_EFFECT,
  NO_RATIO,
  compareTwoSamples,
  describeEffect,
  describeTreatment,
  type Effect,
  type EstimateWithError,
  type TreatmentEffect,
  type TwoSampleComparison,
} from "../core/t-inference.ts";

const CARRYOVER_WARNING_BELOW = 0.1;

/** One feature given to both providers; a missing window is null. */
export interface CrossoverPair {
  readonly sequence: Sequence;
  readonly period1: number | null;
  readonly period2: number | null;
  /** Names the pair in messages; a name that comes twice is refused. */
  readonly feature?: string;
}

/** On which scale effects add up: costs on the log scale, anything else as it is. */
export type EffectScale = "log" | "identity";

/** One pair per feature. */
export interface CrossoverInput {
  readonly pairs: readonly CrossoverPair[];
  /** `log` (default) for costs: effects are then ratios. */
  readonly scale?: EffectScale;
  /** Ratios to test against on the log scale; 1 and 2 by default. */
  readonly nulls?: readonly number[];
}

/** The effect of period 1 over period 2. */
export interface PeriodEffect extends Effect {
  readonly estimate: number | null;
}

/** The plain mean of the differences, not adjusted for order. */
export interface UnadjustedEffect extends Effect, Figures<"estimate" | "sd" | "df"> {}

/** The variance table of an AB/BA cross-over. `null`: not available. */
export type CrossoverVariance = ReturnType<typeof varianceTable>;

/** Everything an AB/BA cross-over says about A over B. `null`: not available. */
export interface Crossover
  extends TreatmentEffect, Figures<"n" | "nAB" | "nBA" | "meanDiffAB" | "meanDiffBA" | "sdDiff"> {
  readonly status: AnalysisStatus;
  /** Names the impossible value if the status is `invalid_input`. */
  readonly problem: string | null;
  readonly missingPeriod1: number;
  readonly missingPeriod2: number;
  readonly incompletePairs: number;
  readonly period: PeriodEffect;
  /** Mean total of AB minus mean total of BA: carry-over, or an unlucky split of the features. */
  readonly carryover: TwoSampleComparison | null;
  /** p below 0.10: print a warning, but never choose another analysis because of it. */
  readonly carryoverWarning: boolean;
  readonly firstPeriodOnly: TwoSampleComparison | null;
  readonly unadjusted: UnadjustedEffect;
  readonly anova: CrossoverVariance | null;
}

const NO_UNADJUSTED: UnadjustedEffect = { ...NO_EFFECT, ...noneOf("estimate", "sd", "df") };

const NOTHING: Crossover = {
  ...NO_EFFECT,
  ...NO_RATIO,
  status: "no_data",
  problem: null,
  n: 0,
  nAB: 0,
  nBA: 0,
  missingPeriod1: 0,
  missingPeriod2: 0,
  incompletePairs: 0,
  ...noneOf("nEff", "df", "meanDiffAB", "meanDiffBA", "estimate"),
  ...noneOf("sdDiff", "ci90Lower", "ci90Upper"),
  period: { ...NO_EFFECT, estimate: null },
  carryover: null,
  carryoverWarning: false,
  firstPeriodOnly: null,
  unadjusted: NO_UNADJUSTED,
  anova: null,
};

/**
 * How much does baseline A differ from candidate B, freed from the effect of the order? The primary
 * analysis of cost: the treatment effect with its intervals and tests, and the period effect. For
 * reading only: carry-over, the first period by itself, the unadjusted mean and the variance table.
 *
 * Assumes independent features and normal differences with one variance; carry-over is prevented by
 * design. An unequal split of AB and BA does not bias the estimate. Incomplete pairs are counted
 * and left out, never imputed.
 *
 * Source: Senn, Cross-over Trials in Clinical Research, 2002, ch. 3; Grizzle, Biometrics 1965;21:467.
 *
 * @example
 * analyseCrossover({
 *   pairs: [
 *     { sequence: "AB", period1: 80000, period2: 40000 },
 *     { sequence: "BA", period1: 30000, period2: 90000 },
 *     { sequence: "AB", period1: 50000, period2: 20000 },
 *   ],
 * }).ratio; // 2.5900200641113513
 */
export function analyseCrossover(input: CrossoverInput): Crossover {
  const { pairs, scale = "log", nulls = [1, 2] } = input;
  const problem = findPairProblem(pairs, scale);
  if (problem !== null) {
    return { ...NOTHING, status: "invalid_input", problem, n: null, nAB: null, nBA: null };
  }
  const complete = completePairs(pairs, scale);
  const counted = { ...NOTHING, ...countPairs(pairs, complete) };
  const { d, z } = complete;
  if (d.length === 0) return counted;
  const fit = fitPeriodAdjusted(d, z);
  const unadjusted = { ...NO_UNADJUSTED, estimate: mean(d) };
  if (d.length === 1 || fit === null) {
    return { ...counted, status: d.length === 1 ? "insufficient" : "one_sequence", unadjusted };
  }
  const { estimate, nEff, df, se, sd } = fit;
  const meanDiffAB = mean(ofSequence(d, z, 1));
  const meanDiffBA = mean(ofSequence(d, z, -1));
  const period = { ...NO_EFFECT, estimate: fit.period };
  const point = { ...counted, nEff, df, meanDiffAB, meanDiffBA, estimate, period, unadjusted };
  if (se === null || sd === null) return { ...point, status: "insufficient" };
  return {
    ...point,
    ...describeTreatment({ estimate, se, df }, scale === "log" ? nulls : null),
    ...describeSides(complete, { ...fit, se, sd }, scale),
    status: sd === 0 ? "zero_variance" : "ok",
    sdDiff: sd,
  };
}

type CompletePairs = ReturnType<typeof completePairs>;

/** The complete pairs on the analysis scale, each list by pair; d is A − B. */
function completePairs(pairs: readonly CrossoverPair[], scale: EffectScale) {
  const toScale = scale === "log" ? Math.log : (value: number) => value;
  const complete = pairs.flatMap(({ sequence, period1, period2 }) =>
    period1 === null || period2 === null
      ? []
      : [{ z: sequenceSign(sequence), y1: toScale(period1), y2: toScale(period2) }],
  );
  return {
    d: complete.map(({ z, y1, y2 }) => z * (y1 - y2)),
    z: complete.map(({ z }) => z),
    totals: complete.map(({ y1, y2 }) => y1 + y2),
    period1: complete.map(({ y1 }) => y1),
  };
}

function countPairs(pairs: readonly CrossoverPair[], { z }: CompletePairs) {
  const nAB = z.filter((sign) => sign === 1).length;
  return {
    n: z.length,
    nAB,
    nBA: z.length - nAB,
    missingPeriod1: pairs.filter(({ period1 }) => period1 === null).length,
    missingPeriod2: pairs.filter(({ period2 }) => period2 === null).length,
    incompletePairs: pairs.length - z.length,
  };
}

/** The figures other than the treatment effect. They decide nothing. */
function describeSides(
  { d, z, totals, period1 }: CompletePairs,
  fit: PeriodAdjustedFit & { readonly se: number; readonly sd: number },
  scale: EffectScale,
) {
  const carryover = compareTwoSamples(ofSequence(totals, z, 1), ofSequence(totals, z, -1));
  const period = describePeriod(fit);
  return {
    period: { ...period, estimate: fit.period },
    carryover,
    carryoverWarning: carryover !== null && carryover.pTwoSided < CARRYOVER_WARNING_BELOW,
    firstPeriodOnly: compareTwoSamples(ofSequence(period1, z, 1), ofSequence(period1, z, -1)),
    unadjusted: describeUnadjusted(d),
    anova: carryover && varianceTable({ fit, period, carryover }, scale),
  };
}

/** The effect of period 1 over period 2 of a fit, if the model has one. */
export function describePeriod({ period, periodSe, df }: PeriodAdjustedFit): Effect {
  if (period === null || periodSe === null) return NO_EFFECT;
  return describeEffect({ estimate: period, se: periodSe, df });
}

function describeUnadjusted(d: readonly number[]): UnadjustedEffect {
  const { estimate, sd, se, df } = fitMean(d);
  if (se === null) return { ...NO_UNADJUSTED, estimate };
  return { ...describeEffect({ estimate, se, df }), estimate, sd, df };
}

/**
 * How much of the spread lies within features, and how much between them? The F statistics of treatment
 * and period are against the variance within features, that of sequence against the variance between.
 *
 * Source: Jones & Kenward, Design and Analysis of Cross-Over Trials, ch. 2.
 */
function varianceTable(
  sources: {
    readonly fit: EstimateWithError & { readonly sd: number };
    readonly period: Effect;
    readonly carryover: TwoSampleComparison;
  },
  scale: EffectScale,
) {
  const { fit, period, carryover } = sources;
  const treatment = describeEffect(fit);
  const mseWithin = (fit.sd * fit.sd) / 2;
  const mseBetween = (carryover.sd * carryover.sd) / 2;
  const varBetween = (mseBetween - mseWithin) / 2;
  return {
    mseWithin,
    mseBetween,
    fTreatment: square(treatment.t),
    fPeriod: square(period.t),
    fSequence: square(carryover.t),
    df1: 1 as const,
    df2: fit.df,
    pTreatment: treatment.pTwoSided,
    pPeriod: period.pTwoSided ?? 1,
    pSequence: carryover.pTwoSided,
    /** Between-feature variance; negative if features vary less than by chance. */
    varBetween,
    /** Coefficients of variation, on the log scale only. */
    cvWithin: scale === "log" ? cvFromLogVariance(mseWithin) : null,
    cvBetween: scale === "log" ? cvFromLogVariance(Math.max(0, varBetween)) : null,
  };
}

/** The coefficient of variation of a log-normal value: √(exp(variance of the log) − 1). */
function cvFromLogVariance(variance: number): number {
  return Math.sqrt(Math.expm1(variance));
}

function square(t: number | null): number | null {
  return t === null ? null : t * t;
}

function ofSequence(values: readonly number[], z: readonly number[], sign: 1 | -1): number[] {
  return values.filter((_, index) => z[index] === sign);
}

/** The first impossible value or repeated feature, in words; null if there is none. */
function findPairProblem(pairs: readonly CrossoverPair[], scale: EffectScale): string | null {
  const seen = new Set<string>();
  const expected = scale === "log" ? "a positive finite value" : "a finite value";
  const isPossible = (value: number) =>
    Number.isFinite(value) && (scale === "identity" || value > 0);
  for (const [index, { feature, sequence, period1, period2 }] of pairs.entries()) {
    const name = feature === undefined ? `Pair ${index + 1} (${sequence})` : `Feature "${feature}"`;
    if (feature !== undefined && seen.has(feature)) {
      return `${name}: expected one pair per feature, got another. Give repeats as rounds of a feature.`;
    }
    if (feature !== undefined) seen.add(feature);
    for (const [period, value] of [period1, period2].entries()) {
      if (value !== null && !isPossible(value)) {
        return `${name}, period ${period + 1}: expected ${expected}, got ${value}.`;
      }
    }
  }
  return null;
}
