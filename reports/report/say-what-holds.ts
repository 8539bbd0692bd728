import type { Question } from "../evidence/question.ts";
import { countNoun } from "../text/number-text.ts";
import { type EstimateData, ratioText } from "./estimate.ts";
import type { Comparison } from "./results-data.ts";

/**
 * Says in sentences what the data support, and no more: an estimate with its uncertainty, and its
 * limits. The gates decide.
 */
export function sayWhatHolds(
  comparison: Omit<Comparison, "statements">,
  asked: Question,
): readonly string[] {
  const { pairs, features, carryover } = comparison;
  return [
    ...sayCost(comparison, asked),
    `${countNoun(pairs.complete, "complete pair")} of ${countNoun(features, "feature")}: this comparison alone is no basis for a decision; the gates decide, on recorded looks.`,
    ...(pairs.capped === 0
      ? []
      : [
          `${countNoun(pairs.capped, "pair")} with a window stopped by a cap: its true cost is higher, so the ratio is biased by an unknown amount.`,
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
    ? "Its 95 % interval includes 1: the data do not tell which of the two needs less."
    : "Its 95 % interval excludes 1. The interval is fixed-n: it holds for one look at the planned end, not for looking again and again.";
}
