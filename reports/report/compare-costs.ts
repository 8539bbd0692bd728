import { logAverage, sum } from "simple-statistics";

import type { Evidence } from "../evidence/evidence.ts";
import { joinNumbers } from "../evidence/index-affected.ts";
import type { ObservedWindow } from "../evidence/observe-windows.ts";
import type { Question } from "../evidence/question.ts";
import { listPairs, type PairedWindows } from "../evidence/resolved-pairs.ts";
import { tTest } from "../statistics/core/t-inference.ts";
import {
  analyseCrossoverRounds,
  type CrossoverRounds,
} from "../statistics/cost/crossover-rounds.ts";
import { analyseCrossover } from "../statistics/cost/crossover.ts";
import { analysePairedLogRatio } from "../statistics/cost/paired-log-ratio.ts";
import { expOf } from "../statistics/exp-of.ts";
import {
  analyseArms,
  type ArmContrast,
  type ArmsAnalysis,
} from "../statistics/multi-arm/analyse-arms.ts";
import { countNoun } from "../text/number-text.ts";
import type { ArmsFit, Comparison, PairLine } from "./comparison-data.ts";
import {
  type EstimateData,
  estimateOf,
  INTERVAL_FROM_N,
  missingEstimate,
  ratioText,
  STATUS_REASONS,
} from "./estimate.ts";

type CostPair = ReturnType<typeof costPairOf>[number];

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

/** `fitted` is the ratio by the model of all providers; null with a single candidate. */
function compareWith(
  { candidate, fitted }: { readonly candidate: string; readonly fitted: EstimateData | null },
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

/** A pair whose costs are both known. */
function costPairOf(pair: PairLine) {
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
  const totalOf = (cost: "costA" | "costB") => sum(pairs.map((pair) => pair[cost]));
  return {
    cost_ratio: unadjustedRatio(pairs),
    adjusted_cost_ratio: fitted ?? adjustedRatio(rounds),
    totals_ratio: pairs.length === 0 ? null : totalOf("costA") / totalOf("costB"),
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
  return estimateOf(
    { value: gmr, lower, upper: ci95Upper, p: pTwoSided, df },
    STATUS_REASONS[status],
  );
}

function adjustedRatio(rounds: CrossoverRounds): EstimateData {
  const { status, df, pTwoSided: p, ratioCi95Lower: lower, ratioCi95Upper: upper } = rounds;
  return estimateOf({ value: expOf(rounds.estimate), lower, upper, p, df }, STATUS_REASONS[status]);
}

export function orderEffect({ status, period, periodEffect, df }: CrossoverRounds): EstimateData {
  const isBalanced = status === "ok" && period === null;
  const found = {
    value: expOf(period),
    lower: expOf(periodEffect.ci95Lower),
    upper: expOf(periodEffect.ci95Upper),
    p: periodEffect.pTwoSided,
    df,
  };
  return estimateOf(found, isBalanced ? BOTH_ORDERS : STATUS_REASONS[status]);
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
  if (carryover === null) return missingCarryover(STATUS_REASONS[status]);
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

/** The pairs of the baseline with each candidate, in schedule order. */
export function describePairs(evidence: Evidence): readonly PairLine[] {
  return evidence.asked.candidates.flatMap((candidate) =>
    listPairs(evidence, candidate).map(describePair),
  );
}

function describePair({ baseline, candidate }: PairedWindows): PairLine {
  const { line: a, missing: aMissing } = baseline;
  const { line: b, missing: bMissing } = candidate;
  const isComplete = a.state === "valid" && b.state === "valid";
  const causes = [causeOf(a, aMissing), causeOf(b, bMissing)].filter((cause) => cause !== null);
  return {
    candidate: b.provider,
    feature_id: a.feature_id,
    replicate: a.replicate,
    sequence: a.period < b.period ? "AB" : "BA",
    is_complete: isComplete,
    reason: isComplete ? null : causes.join("; "),
    baseline_cost: a.state === "valid" ? a.cost : null,
    candidate_cost: b.state === "valid" ? b.cost : null,
    cost_ratio: isComplete && a.cost !== null && b.cost !== null ? a.cost / b.cost : null,
    baseline_quality: a.quality,
    candidate_quality: b.quality,
    has_capped: [a, b].some(({ is_lower_bound }) => is_lower_bound),
    touched_by: joinNumbers([a.touched_by, b.touched_by]),
  };
}

function causeOf({ provider, state }: ObservedWindow["line"], missing: string | null) {
  if (state === "valid") return null;
  return `${provider}: ${missing ?? "not run"}`;
}

const SEVERAL = 2;
const TOO_FEW_WINDOWS = "too few windows to fit all providers at once";

/** All providers in one model; null with a single candidate, manual windows, or incomparable costs. */
export function fitArms({ asked, windows, design }: Evidence): ArmsFit | null {
  const { baseline, candidates, is_cost_comparable: isComparable } = asked;
  if (baseline === null || candidates.length < SEVERAL) return null;
  if (!isComparable || !design.isRegistered) return null;
  const entering = windows.filter(
    ({ line }) => line.state === "valid" && line.cost !== null && line.cost > 0,
  );
  const affectedBy = (candidate: string) =>
    entering
      .filter(({ line }) => [baseline, candidate].includes(line.provider))
      .map(({ line }) => line.touched_by);
  const fitted = analyseArms(entering.map(armWindow), baseline);
  return {
    status: fitted.status,
    windows: entering.length,
    candidates: candidates.map((candidate) => ({
      ...fittedLine(fitted, candidate),
      touched_by: joinNumbers(affectedBy(candidate)),
    })),
  };
}

/** What the model of all providers says about one candidate. */
export function fittedLine({ contrasts, holmPGreater2 }: ArmsAnalysis, candidate: string) {
  const index = contrasts.findIndex(({ arm }) => arm === candidate);
  const contrast = contrasts[index];
  return {
    candidate,
    cost_ratio: contrast === undefined ? missingEstimate(TOO_FEW_WINDOWS) : fittedRatio(contrast),
    p_above_1: contrast?.pGreater1 ?? null,
    p_above_2: contrast?.pGreater2 ?? null,
    p_above_2_holm: holmPGreater2[index] ?? null,
  };
}

function armWindow({ line }: ObservedWindow) {
  const { feature_id: feature, replicate, period, provider: arm, cost } = line;
  return { feature, replicate, period, arm, cost: cost ?? 0 };
}

function fittedRatio(contrast: ArmContrast): EstimateData {
  const { logRatioBaselineOverArm: estimate, se, df, ratio: value } = contrast;
  const ci95 = { lower: contrast.ratioCi95Lower, upper: contrast.ratioCi95Upper };
  return { value, ci95, p_two_sided: tTest({ estimate, se, df }, 0).pTwoSided, df, reason: null };
}

/**
 * Says in sentences what the data support, and no more: an estimate with its uncertainty, and its
 * limits. The gates decide.
 */
function sayWhatHolds(
  comparison: Omit<Comparison, "statements">,
  asked: Question,
): readonly string[] {
  const { pairs, features, carryover } = comparison;
  return [
    ...sayCost(comparison, asked),
    `${countNoun(pairs.complete, "complete pair")} of ${countNoun(features, "feature")}: don't decide by this comparison alone; the gates decide, on recorded looks.`,
    ...(pairs.capped === 0
      ? []
      : [
          `${countNoun(pairs.capped, "pair")} with a window stopped by a cap, or with requests of unknown cost: its true cost is higher, so the ratio is biased by an unknown amount.`,
        ]),
    ...(carryover.is_warned
      ? [
          "The test for carry-over has p < 0.10. No analysis is chosen by it; see how the windows were kept apart.",
        ]
      : []),
  ];
}

function sayCost(
  { candidate, features, cost_ratio, adjusted_cost_ratio }: Omit<Comparison, "statements">,
  { baseline, cost_measure }: Question,
): readonly string[] {
  const best = adjusted_cost_ratio.value === null ? cost_ratio : adjusted_cost_ratio;
  if (best.value === null) return [`Nothing can be said about cost: ${best.reason ?? "no data"}.`];
  const unit = { usd: "dollars", tokens: "tokens", meter: "capacity" }[cost_measure];
  return [
    `On ${countNoun(features, "feature")}, ${baseline ?? "the baseline"} took ${ratioText(best)} times the ${unit} of ${candidate}. ${sayInterval(best)}`,
  ];
}

function sayInterval({ ci95 }: EstimateData): string {
  if (ci95 === null) return "There are too few pairs for an interval.";
  if (ci95.lower === ci95.upper) {
    return "The pairs do not vary at all, and real runs do vary: look for replayed data.";
  }
  return ci95.lower <= 1 && ci95.upper >= 1
    ? "Its 95 % interval includes 1: the data do not show which of the two needs less."
    : "Its 95 % interval excludes 1. The interval is fixed-n: it holds for one look at the planned end, not for looking again and again.";
}
