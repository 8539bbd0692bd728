import { mean, sum } from "simple-statistics";

import {
  analyseCrossoverRounds,
  type CrossoverRounds,
} from "../statistics/cost/crossover-rounds.ts";
import { analyseCrossover } from "../statistics/cost/crossover.ts";
import { analysePairedLogRatio } from "../statistics/cost/paired-log-ratio.ts";
import type { AnalysisStatus } from "../statistics/status.ts";
import type { ArmsFit } from "./arms-data.ts";
import type { EstimateData } from "./estimate-data.ts";
import { joinTouches } from "./index-touches.ts";
import type { Asked } from "./report-data.ts";
import type { Comparison, PairLine } from "./results-data.ts";
import { sayWhatHolds } from "./say-what-holds.ts";

const INTERVAL_FROM_N = 3;
const TOO_FEW = `n < ${INTERVAL_FROM_N}`;

/** A pair that enters: both costs are known and positive. */
interface CostPair {
  readonly feature: string;
  readonly sequence: "AB" | "BA";
  readonly costA: number;
  readonly costB: number;
}

/** Each candidate's pairs with the baseline; of several candidates `arms` takes out the order. */
export function compareCosts(
  asked: Asked,
  pairs: readonly PairLine[],
  arms: ArmsFit | null,
): readonly Comparison[] {
  return asked.candidates.map((candidate) => {
    const fitted = arms?.candidates.find((one) => one.candidate === candidate)?.cost_ratio ?? null;
    const own = pairs.filter((pair) => pair.candidate === candidate);
    return compareWith({ candidate, fitted }, own, asked);
  });
}

interface Compared {
  readonly candidate: string;
  /** The ratio by the model of all providers; null with a single candidate. */
  readonly fitted: EstimateData | null;
}

function compareWith(
  { candidate, fitted }: Compared,
  planned: readonly PairLine[],
  asked: Asked,
): Comparison {
  const complete = planned.filter(({ is_complete }) => is_complete);
  const entering = asked.is_cost_comparable ? complete.flatMap(costPairOf) : [];
  const comparison = {
    candidate,
    pairs: countPairs(planned, complete),
    features: new Set(entering.map(({ feature }) => feature)).size,
    ...(asked.is_cost_comparable ? analyse(entering, asked, fitted) : INCOMPARABLE),
    touched_by: joinTouches(complete.map(({ touched_by }) => touched_by)),
  };
  return { ...comparison, statements: sayWhatHolds(comparison, asked) };
}

function costPairOf(pair: PairLine): readonly CostPair[] {
  const { feature_id: feature, sequence, baseline_cost: costA, candidate_cost: costB } = pair;
  return costA === null || costB === null ? [] : [{ feature, sequence, costA, costB }];
}

function countPairs(planned: readonly PairLine[], complete: readonly PairLine[]) {
  const ab = complete.filter(({ sequence }) => sequence === "AB").length;
  const incomplete = planned.filter(({ is_complete }) => !is_complete);
  const missingIn = (period: 1 | 2) =>
    incomplete.filter(({ sequence, baseline_cost, candidate_cost }) => {
      const isBaselines = (sequence === "AB") === (period === 1);
      return (isBaselines ? baseline_cost : candidate_cost) === null;
    }).length;
  return {
    planned: planned.length,
    complete: complete.length,
    ab,
    ba: complete.length - ab,
    incomplete: incomplete.length,
    missing_period1: missingIn(1),
    missing_period2: missingIn(2),
    capped: complete.filter(({ has_capped }) => has_capped).length,
  };
}

function analyse(pairs: readonly CostPair[], { candidates }: Asked, fitted: EstimateData | null) {
  const rounds = analyseCrossoverRounds({ rows: pairs });
  const isTwoArmed = candidates.length === 1;
  return {
    cost_ratio: unadjustedRatio(pairs),
    adjusted_cost_ratio: fitted ?? adjustedRatio(rounds),
    totals_ratio:
      pairs.length === 0
        ? null
        : sum(pairs.map(({ costA }) => costA)) / sum(pairs.map(({ costB }) => costB)),
    order_effect: isTwoArmed ? orderEffect(rounds) : missingEstimate(MORE_ARMS),
    carryover: isTwoArmed ? carryoverOf(pairs) : missingCarryover(MORE_ARMS),
  };
}

/** The feature is the unit: it enters with the geometric mean of its complete rounds. */
function unadjustedRatio(pairs: readonly CostPair[]): EstimateData {
  const features = [...Map.groupBy(pairs, ({ feature }) => feature).values()];
  const { status, n, df, gmr, pTwoSided, ci95Lower, ci95Upper } = analysePairedLogRatio({
    a: features.map((rounds) => geometricMean(rounds.map(({ costA }) => costA))),
    b: features.map((rounds) => geometricMean(rounds.map(({ costB }) => costB))),
  });
  if (gmr === null) return missingEstimate(REASONS[status]);
  if (n === null || n < INTERVAL_FROM_N || ci95Lower === null || ci95Upper === null) {
    return { ...missingEstimate(TOO_FEW), value: gmr };
  }
  const ci95 = { lower: ci95Lower, upper: ci95Upper };
  return { value: gmr, ci95, p_two_sided: pTwoSided, df, reason: null };
}

function geometricMean(costs: readonly number[]): number {
  return Math.exp(mean(costs.map((cost) => Math.log(cost))));
}

function adjustedRatio(rounds: CrossoverRounds): EstimateData {
  const { status, estimate, df, pTwoSided, ratioCi95Lower, ratioCi95Upper } = rounds;
  if (estimate === null) return missingEstimate(REASONS[status]);
  const value = Math.exp(estimate);
  if (ratioCi95Lower === null || ratioCi95Upper === null) {
    return { ...missingEstimate(TOO_FEW), value };
  }
  const ci95 = { lower: ratioCi95Lower, upper: ratioCi95Upper };
  return { value, ci95, p_two_sided: pTwoSided, df, reason: null };
}

function orderEffect({ status, period, periodEffect, df }: CrossoverRounds): EstimateData {
  if (status === "ok" && period === null) {
    return missingEstimate("every feature was run in both orders");
  }
  if (period === null) return missingEstimate(REASONS[status]);
  const value = Math.exp(period);
  const { ci95Lower, ci95Upper, pTwoSided } = periodEffect;
  if (ci95Lower === null || ci95Upper === null) {
    return { ...missingEstimate(TOO_FEW), value };
  }
  const ci95 = { lower: Math.exp(ci95Lower), upper: Math.exp(ci95Upper) };
  return { value, ci95, p_two_sided: pTwoSided, df, reason: null };
}

function carryoverOf(pairs: readonly CostPair[]): Comparison["carryover"] {
  if (new Set(pairs.map(({ feature }) => feature)).size < pairs.length) {
    return missingCarryover("features were run in several replicates");
  }
  const { status, carryover, carryoverWarning } = analyseCrossover({
    pairs: pairs.map(({ sequence, costA, costB }) =>
      sequence === "AB"
        ? { sequence, period1: costA, period2: costB }
        : { sequence, period1: costB, period2: costA },
    ),
  });
  if (carryover === null) {
    return missingCarryover(status === "insufficient" ? TOO_FEW : REASONS[status]);
  }
  return { p_two_sided: carryover.pTwoSided, is_warned: carryoverWarning, reason: null };
}

const MORE_ARMS = "more than two providers";
const NOT_COMPARABLE = "providers of several vendors count tokens differently";

function missingEstimate(reason: string): EstimateData {
  return { value: null, ci95: null, p_two_sided: null, df: null, reason };
}

function missingCarryover(reason: string): Comparison["carryover"] {
  return { p_two_sided: null, is_warned: false, reason };
}

const INCOMPARABLE = {
  cost_ratio: missingEstimate(NOT_COMPARABLE),
  adjusted_cost_ratio: missingEstimate(NOT_COMPARABLE),
  totals_ratio: null,
  order_effect: missingEstimate(NOT_COMPARABLE),
  carryover: missingCarryover(NOT_COMPARABLE),
};

const REASONS: Readonly<Record<AnalysisStatus, string>> = {
  no_data: "no complete pair",
  one_sequence: "all pairs in one order",
  insufficient: TOO_FEW,
  zero_variance: TOO_FEW,
  ok: TOO_FEW,
  invalid_input: "a cost is not a positive number",
};
