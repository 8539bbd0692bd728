import { mean, sum } from "simple-statistics";

import { ratioLowerBound, ratioUpperBound, logWealth } from "../anytime/bounded-mean-bet.ts";
import { tConfidenceSequence } from "../anytime/t-mixture.ts";
import { contrastsOf } from "../core/contrast.ts";
import { fitPeriodAdjusted, type MixtureEvidence } from "../core/period-adjusted-fit.ts";
import { pairsToLeaveOutOne } from "../power/projection.ts";
import { featuresToConfirm, featuresToContradict } from "../quality/analyse-quality.ts";
import { type CandidateInput, DEFAULT_OPTIONS, resolvedUnits } from "./analyse-candidate.ts";
import { groupUnits, matchPairs, type Unit, type WindowPair } from "./match-pairs.ts";
import { carryoverWithin, logRatiosByUnit, qualityByUnit } from "./unit-values.ts";

const USABLE_FROM_UNITS = 3;

/** How sure, and the share of the baseline's quality that must be kept. */
export interface AnytimeLevel {
  /** One minus the level of the cost ratio's interval, and of each bound of quality. */
  readonly alpha: number;
  readonly qualityMin: number;
}

/** What the pairs say about cost and quality, however often you look. */
export type AnytimeComparison = ReturnType<typeof compareAtAnyTime>;

/** Compares cost and quality over the resolved prefix of the schedule, at any time of looking. */
export function compareAtAnyTime(input: CandidateInput, level: AnytimeLevel) {
  const { features, problem } = matchPairs(input);
  const units = resolvedUnits(groupUnits(features), input);
  return {
    problem,
    units: units.length,
    cost: compareCost(units, level),
    quality: compareQuality(units, level),
    /** Two-sided; null unless replicates give features both orders. */
    carryoverP: carryoverWithin(units)?.pTwoSided ?? null,
  };
}

function compareCost(units: readonly Unit[], { alpha }: AnytimeLevel) {
  const { d, z } = logRatiosByUnit(units);
  const fit = fitPeriodAdjusted(d, z);
  const evidence = evidenceOf(fit, units.length);
  const level = { alpha, g: DEFAULT_OPTIONS.priorPrecision };
  const { lower, upper } = evidence === null ? NOTHING : tConfidenceSequence(evidence, level);
  const estimate = fit?.estimate ?? (d.length === 0 ? null : mean(d));
  const nAB = sum(z.map((sign) => (1 + Math.sign(sign)) / 2));
  return {
    ratio: estimate === null ? null : Math.exp(estimate),
    /** null while too little is known for an interval. */
    interval: Number.isFinite(lower) ? ([Math.exp(lower), Math.exp(upper)] as const) : null,
    isConstant: evidence?.sd === 0,
    totalsRatio: totalsRatio(units),
    /** Units until the interval leaves out 1, as things stand; null if that is unknown or too far. */
    extra:
      evidence === null
        ? null
        : pairsToLeaveOutOne(
            { tau: evidence.estimate, sdDiff: evidence.sd, nAB, nBA: d.length - nAB },
            level,
          ),
    hasSpread: evidence !== null,
  };
}

const NOTHING = { lower: -Infinity, upper: Infinity };

function evidenceOf(
  fit: ReturnType<typeof fitPeriodAdjusted>,
  units: number,
): MixtureEvidence | null {
  if (fit === null || fit.sd === null || units < USABLE_FROM_UNITS) return null;
  const { estimate, sd, nEff, df } = fit;
  return { estimate, sd, nEff, df };
}

function totalsRatio(units: readonly Unit[]): number | null {
  const pairs = units.flat().flatMap((own) => own.pairs);
  const total = (arm: (pair: WindowPair) => WindowPair["a"]) =>
    sum(pairs.map((pair) => arm(pair).cost));
  return pairs.length === 0 ? null : total(({ a }) => a) / total(({ b }) => b);
}

function compareQuality(units: readonly Unit[], { alpha, qualityMin: rho }: AnytimeLevel) {
  const { a, b } = qualityByUnit(units);
  const gridK = DEFAULT_OPTIONS.bettingGrid;
  const contrasts = contrastsOf({ a, b }, rho);
  const shortfalls = contrasts.map((contrast) => -contrast);
  const [meanA, meanB] = a.length === 0 ? [0, 0] : [mean(a), mean(b)];
  const isBetter = contrasts.length > 0 && mean(contrasts) > 0;
  return {
    units: a.length,
    /** Whether both score 0 in every unit. */
    isNothing: a.length > 0 && meanA === 0 && meanB === 0,
    ratio: meanA === 0 ? null : meanB / meanA,
    /** Bounds of the ratio, each one-sided. */
    lower: ratioLowerBound({ a, b }, { alpha, grid: gridK }),
    upper: ratioUpperBound({ a, b }, { alpha, grid: gridK }),
    isKept: logWealth(contrasts, { bound: rho, grid: gridK }) >= -Math.log(alpha),
    isLost: logWealth(shortfalls, { bound: 1, grid: gridK }) >= -Math.log(alpha),
    /** Whether further units like these would confirm that quality is kept, or that it is lost. */
    isBetter,
    /** Units until then; null if 500 more are not enough. */
    extra: isBetter
      ? featuresToConfirm(contrasts, { rho, alpha, gridK })
      : featuresToContradict(contrasts, { alpha, gridK }),
  };
}
