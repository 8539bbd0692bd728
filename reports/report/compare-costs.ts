import { logAverage, sum } from "simple-statistics";

import { joinNumbers } from "../evidence/index-affected.ts";
import type { Question } from "../evidence/question.ts";
import {
  analyseCrossoverRounds,
  type CrossoverRounds,
} from "../statistics/cost/crossover-rounds.ts";
import { analyseCrossover } from "../statistics/cost/crossover.ts";
import { analysePairedLogRatio } from "../statistics/cost/paired-log-ratio.ts";
import {
  type EstimateData,
  estimateOf,
  INTERVAL_FROM_N,
  missingEstimate,
  STATUS_REASONS,
  TOO_FEW,
} from "./estimate.ts";
import type { ArmsFit, Comparison, PairLine } from "./results-data.ts";
import { sayWhatHolds } from "./say-what-holds.ts";

/** A pair whose costs are both known and positive. */
interface CostPair {
  readonly feature: string;
  readonly sequence: "AB" | "BA";
  readonly costA: number;
  readonly costB: number;
}

/** Compares each candidate with the baseline; with several candidates `arms` adjusts for order. */
export function compareCosts(
  asked: Question,
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
  asked: Question,
): Comparison {
  const complete = planned.filter(({ is_complete }) => is_complete);
  const entering = asked.is_cost_comparable ? complete.flatMap(costPairOf) : [];
  const comparison = {
    candidate,
    pairs: countPairs(planned, complete),
    features: new Set(entering.map(({ feature }) => feature)).size,
    ...(asked.is_cost_comparable ? analyse(entering, asked, fitted) : INCOMPARABLE),
    touched_by: joinNumbers(complete.map(({ touched_by }) => touched_by)),
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

function analyse(
  pairs: readonly CostPair[],
  { candidates }: Question,
  fitted: EstimateData | null,
) {
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

/** The feature is the unit of inference: its value is the geometric mean of its complete rounds. */
function unadjustedRatio(pairs: readonly CostPair[]): EstimateData {
  const features = [...Map.groupBy(pairs, ({ feature }) => feature).values()];
  const { status, n, df, gmr, pTwoSided, ci95Lower, ci95Upper } = analysePairedLogRatio({
    a: features.map((rounds) => logAverage(rounds.map(({ costA }) => costA))),
    b: features.map((rounds) => logAverage(rounds.map(({ costB }) => costB))),
  });
  const lower = (n ?? 0) < INTERVAL_FROM_N ? null : ci95Lower;
  return estimateOf({ value: gmr, lower, upper: ci95Upper, p: pTwoSided, df }, reasonsOf(status));
}

function adjustedRatio(rounds: CrossoverRounds): EstimateData {
  const { status, estimate, df, pTwoSided: p, ratioCi95Lower, ratioCi95Upper } = rounds;
  const value = expOf(estimate);
  const found = { value, lower: ratioCi95Lower, upper: ratioCi95Upper, p, df };
  return estimateOf(found, reasonsOf(status));
}

function orderEffect({ status, period, periodEffect, df }: CrossoverRounds): EstimateData {
  const isBalanced = status === "ok" && period === null;
  const found = {
    value: expOf(period),
    lower: expOf(periodEffect.ci95Lower),
    upper: expOf(periodEffect.ci95Upper),
    p: periodEffect.pTwoSided,
    df,
  };
  const reasons = reasonsOf(status);
  return estimateOf(found, isBalanced ? { ...reasons, noValue: BOTH_ORDERS } : reasons);
}

function reasonsOf(status: keyof typeof STATUS_REASONS) {
  return { noValue: STATUS_REASONS[status], noInterval: TOO_FEW };
}

function expOf(log: number | null): number | null {
  return log === null ? null : Math.exp(log);
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
    return missingCarryover(STATUS_REASONS[status]);
  }
  return { p_two_sided: carryover.pTwoSided, is_warned: carryoverWarning, reason: null };
}

const BOTH_ORDERS = "every feature was run in both orders";
const MORE_ARMS = "more than two providers";
const NOT_COMPARABLE = "providers of several vendors count tokens differently";

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
