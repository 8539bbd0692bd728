import { ratioText } from "../format/estimate-text.ts";
import type { EstimateData } from "./estimate-data.ts";
import type { Asked } from "./report-data.ts";
import type { Comparison } from "./results-data.ts";

/**
 * What the data support, in sentences, and never more: an estimate with its uncertainty, and what
 * it can't be used for. Decisions are the gates' business.
 */
export function sayWhatHolds(
  comparison: Omit<Comparison, "statements">,
  asked: Asked,
): readonly string[] {
  const { pairs, features, carryover } = comparison;
  return [
    ...sayCost(comparison, asked),
    `${count(pairs.complete, "complete pair")} of ${count(features, "feature")}: this comparison alone is no basis for a decision; the gates decide, on recorded looks.`,
    ...(pairs.capped === 0
      ? []
      : [
          `${count(pairs.capped, "pair")} with a window stopped by a cap: its true cost is higher, so that the ratio is biased by an unknown amount.`,
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
  { baseline, cost_measure }: Asked,
): readonly string[] {
  const best = adjusted_cost_ratio.value === null ? cost_ratio : adjusted_cost_ratio;
  if (best.value === null) return [`Nothing can be said about cost: ${best.reason ?? "no data"}.`];
  const unit = { usd: "dollars", tokens: "tokens", meter: "capacity" }[cost_measure];
  return [
    `On ${count(features, "feature")}, ${baseline ?? "the baseline"} took ${ratioText(best)} times the ${unit} of ${candidate}. ${sayInterval(best)}`,
  ];
}

function sayInterval({ ci95 }: EstimateData): string {
  if (ci95 === null) return "There are too few pairs for an interval.";
  if (ci95.lower === ci95.upper) {
    return "The pairs do not vary at all, which real runs do not do: look for replayed data.";
  }
  return ci95.lower <= 1 && ci95.upper >= 1
    ? "Its 95 % interval includes 1: the data do not tell which of the two needs less."
    : "Its 95 % interval excludes 1. The interval is fixed-n: it holds for one look at the planned end, not for looking again and again.";
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
