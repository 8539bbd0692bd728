import { mean } from "simple-statistics";

import { fitPeriodAdjusted, fitMean, type PeriodAdjustedFit } from "../period-adjusted-fit.ts";
import type { AnalysisStatus } from "../status.ts";
import { tInterval } from "../t-interval.ts";
import {
  describeEffect,
  describeRatio,
  NO_EFFECT,
  NO_RATIO,
  type Effect,
  type RatioEffect,
} from "./crossover-effect.ts";
import {
  completePairs,
  findPairProblem,
  type CompletePairs,
  type CrossoverPair,
  type EffectScale,
} from "./crossover-pairs.ts";
import { crossoverVariance, type CrossoverVariance } from "./crossover-variance.ts";
import { compareTwoSamples, type TwoSampleComparison } from "./two-sample.ts";

const CARRYOVER_WARNING_BELOW = 0.1;

/** One row per feature, each met once by each provider. */
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
export interface UnadjustedEffect extends Effect {
  readonly estimate: number | null;
  readonly sd: number | null;
  readonly df: number | null;
}

/** Everything an AB/BA cross-over says about A over B. `null`: not available. */
export interface Crossover extends Effect, RatioEffect {
  readonly status: AnalysisStatus;
  /** Which value is impossible, where the status is `invalid_input`. */
  readonly problem: string | null;
  readonly n: number | null;
  readonly nAB: number | null;
  readonly nBA: number | null;
  readonly missingPeriod1: number;
  readonly missingPeriod2: number;
  readonly incompletePairs: number;
  readonly nEff: number | null;
  readonly df: number | null;
  readonly meanDiffAB: number | null;
  readonly meanDiffBA: number | null;
  readonly estimate: number | null;
  readonly sdDiff: number | null;
  readonly ci90Lower: number | null;
  readonly ci90Upper: number | null;
  readonly period: PeriodEffect;
  /** Mean total of AB minus mean total of BA: carry-over, or an unlucky split of the features. */
  readonly carryover: TwoSampleComparison | null;
  /** p below 0.10: print a warning, but never choose another analysis because of it. */
  readonly carryoverWarning: boolean;
  readonly firstPeriodOnly: TwoSampleComparison | null;
  readonly unadjusted: UnadjustedEffect;
  readonly anova: CrossoverVariance | null;
}

const NO_UNADJUSTED: UnadjustedEffect = { ...NO_EFFECT, estimate: null, sd: null, df: null };

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
  nEff: null,
  df: null,
  meanDiffAB: null,
  meanDiffBA: null,
  estimate: null,
  sdDiff: null,
  ci90Lower: null,
  ci90Upper: null,
  period: { ...NO_EFFECT, estimate: null },
  carryover: null,
  carryoverWarning: false,
  firstPeriodOnly: null,
  unadjusted: NO_UNADJUSTED,
  anova: null,
};

/**
 * How much does baseline A differ from candidate B, freed from the effect of the order? The primary
 * analysis of cost: the treatment effect with its intervals and tests, the period effect, and, for
 * reading only, carry-over, the first period alone, the unadjusted mean and the variance table.
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
export function analyseCrossover({ pairs, scale = "log", nulls }: CrossoverInput): Crossover {
  const problem = findPairProblem(pairs, scale);
  if (problem !== null) {
    return { ...NOTHING, status: "invalid_input", problem, n: null, nAB: null, nBA: null };
  }
  const complete = completePairs(pairs, scale);
  const counted = countPairs(complete);
  const { d, z } = complete;
  if (d.length === 0) return counted;
  const fit = fitPeriodAdjusted(d, z);
  if (d.length === 1 || fit === null) {
    const unadjusted = { ...NO_UNADJUSTED, estimate: mean(d) };
    return { ...counted, status: d.length === 1 ? "insufficient" : "one_sequence", unadjusted };
  }
  const point = pointEstimates(counted, complete, fit);
  const { se, sd } = fit;
  if (se === null || sd === null) return { ...point, status: "insufficient" };
  const isLogScale = scale === "log";
  return {
    ...point,
    ...treatmentEffect({ ...fit, se }, isLogScale ? (nulls ?? [1, 2]) : null),
    ...sideEffects(complete, { ...fit, se, sd }, isLogScale),
    status: sd === 0 ? "zero_variance" : "ok",
    sdDiff: sd,
  };
}

function countPairs(complete: CompletePairs): Crossover {
  const { d, z, missingPeriod1, missingPeriod2, incompletePairs } = complete;
  const nAB = z.filter((sign) => sign === 1).length;
  const missing = { missingPeriod1, missingPeriod2, incompletePairs };
  return { ...NOTHING, ...missing, n: d.length, nAB, nBA: d.length - nAB };
}

function pointEstimates(counted: Crossover, { d, z }: CompletePairs, fit: PeriodAdjustedFit) {
  return {
    ...counted,
    nEff: fit.nEff,
    df: fit.df,
    meanDiffAB: mean(ofSequence(d, z, 1)),
    meanDiffBA: mean(ofSequence(d, z, -1)),
    estimate: fit.estimate,
    period: { ...NO_EFFECT, estimate: fit.period },
    unadjusted: { ...NO_UNADJUSTED, estimate: mean(d) },
  };
}

function treatmentEffect(
  effect: { readonly estimate: number; readonly se: number; readonly df: number },
  nulls: readonly number[] | null,
) {
  const ci90 = tInterval(effect, 0.9);
  return {
    ...describeEffect(effect),
    ci90Lower: ci90.lower,
    ci90Upper: ci90.upper,
    ...(nulls === null ? NO_RATIO : describeRatio(effect, nulls)),
  };
}

function sideEffects(
  { d, z, totals, period1 }: CompletePairs,
  fit: PeriodAdjustedFit & { readonly se: number; readonly sd: number },
  isLogScale: boolean,
) {
  const carryover = compareTwoSamples(ofSequence(totals, z, 1), ofSequence(totals, z, -1));
  const firstPeriod = compareTwoSamples(ofSequence(period1, z, 1), ofSequence(period1, z, -1));
  const period = describePeriod(fit);
  const treatment = describeEffect(fit);
  return {
    period: { ...period, estimate: fit.period },
    carryover,
    carryoverWarning: carryover !== null && carryover.pTwoSided < CARRYOVER_WARNING_BELOW,
    firstPeriodOnly: firstPeriod,
    unadjusted: describeUnadjusted(d),
    anova:
      carryover === null
        ? null
        : crossoverVariance({
            sdDiff: fit.sd,
            sdTotal: carryover.sd,
            df: fit.df,
            treatment: { t: treatment.t, pTwoSided: treatment.pTwoSided ?? 1 },
            period: { t: period.t, pTwoSided: period.pTwoSided ?? 1 },
            sequence: carryover,
            isLogScale,
          }),
  };
}

function describePeriod({ period, periodSe, df }: PeriodAdjustedFit): Effect {
  if (period === null || periodSe === null) return NO_EFFECT;
  return describeEffect({ estimate: period, se: periodSe, df });
}

function describeUnadjusted(d: readonly number[]): UnadjustedEffect {
  const { estimate, sd, se, df } = fitMean(d);
  if (se === null) return { ...NO_UNADJUSTED, estimate };
  return { ...describeEffect({ estimate, se, df }), estimate, sd, df };
}

function ofSequence(values: readonly number[], z: readonly number[], sign: 1 | -1): number[] {
  return values.filter((_, index) => z[index] === sign);
}
