import type { AnalysedCandidate } from "../report/analyse-windows.ts";
import { orderEffect } from "../report/compare-costs.ts";
import { STATUS_REASONS } from "../report/estimate.ts";
import type { FiellerInterval } from "../statistics/quality/fieller-interval.ts";
import {
  FIXED_90,
  FIXED_95,
  NOT_AVAILABLE,
  say,
  sayE,
  sayInterval,
  sayOr,
  sayP,
} from "../text/number-text.ts";
import { evidenceFigure } from "./look-figures.ts";
import { METHOD } from "./method.ts";

type Cost = AnalysedCandidate["cost"];
type Quality = AnalysedCandidate["quality"];

/** What an analysis says about cost, in addition to the figures of a look. */
export function costExtras(cost: Cost, target: number) {
  const { rounds, unadjusted, evidenceAgainst1, evidenceAgainstTarget } = cost;
  const tests = rounds.nullTests.map(
    ({ theta0, pGreater, pLess }) => `above ${theta0}: ${sayP(pGreater)}, below: ${sayP(pLess)}`,
  );
  const lowest = evidenceAgainst1.final?.ratioOneSidedLower;
  return [
    statusFigure(rounds.status),
    {
      name: "Cost ratio, not adjusted",
      value: `${sayOr(unadjusted.gmr, STATUS_REASONS[unadjusted.status])} ${sayInterval([unadjusted.ci95Lower, unadjusted.ci95Upper], FIXED_95)}`,
      number: unadjusted.gmr,
      meaning: "Geometric mean of the paired ratios, in any order.",
    },
    {
      name: "Relative width of the interval",
      value: say(rounds.ciWidthRel),
      number: rounds.ciWidthRel,
      meaning: "The width of the 95 % interval of the cost ratio ÷ the ratio.",
    },
    {
      name: "One-sided tests",
      value: `${tests.join("; ") || `${NOT_AVAILABLE} (${STATUS_REASONS[rounds.status]})`} (fixed-n)`,
      meaning: "Tests of the cost ratio against these numbers.",
    },
    {
      name: "Equivalent within 0.8 to 1.25",
      value: `${sayP(rounds.tost?.p)} (fixed-n)`,
      meaning: "Tests that the costs are about the same.",
    },
    {
      name: "Cost ratio, at any time of looking",
      value: `at least ${say(lowest)} (95 % one-sided, anytime-valid)`,
      meaning: "The lower limit that holds at every look.",
    },
    evidenceFigure([
      `Evidence that the cost ratio is below ${target}`,
      evidenceAgainstTarget.logELess.at(-1) ?? 0,
      "The evidence against the gates' target.",
    ]),
    {
      name: "Test of first periods alone",
      value: `${sayP(cost.crossover?.firstPeriodOnly?.pTwoSided)} (fixed-n)`,
      meaning: "Tests the cost ratio of first periods against 1.",
      method: METHOD.order,
    },
  ];
}

/** The intervals of the effects of the order, to follow them. */
export function orderIntervals({ rounds, crossover }: Cost) {
  const { ci95 } = orderEffect(rounds);
  const { carryover = null, carryoverWarning = false } = crossover ?? {};
  const carried = sayInterval(carryover && [carryover.ci95Lower, carryover.ci95Upper], FIXED_95);
  return {
    order: ` ${sayInterval(ci95 && [ci95.lower, ci95.upper], FIXED_95)}`,
    carryover: ` ${carried}${carryoverWarning ? "; look at the design" : ""}`,
  };
}

export function whyNoOrder({ rounds: { period, status } }: Cost): string {
  const isBalanced = period === null && status === "ok";
  return isBalanced ? "every feature was run in both orders" : STATUS_REASONS[status];
}

export function whyNoCarryover({ crossover }: Cost): string {
  return crossover === null
    ? "features were run in several replicates"
    : STATUS_REASONS[crossover.status];
}

/** The same for quality. */
export function qualityExtras(quality: Quality, min: number) {
  const { betting, contrastWilcoxon, fieller95, dropTestable } = quality;
  return [
    statusFigure(quality.status),
    ...unboundedFigures(fieller95),
    {
      name: "Signed ranks",
      value: `${sayP(contrastWilcoxon?.pGreater)} (fixed-n)`,
      meaning: `Another test of at least ${min} of the baseline's quality.`,
    },
    ...(dropTestable
      ? []
      : [
          {
            name: "A drop",
            value: "too few features to show one",
            meaning: "Whether the tests could find a drop in quality.",
          },
        ]),
    {
      name: "Quality at any time of looking",
      value: `${say(betting.ratioLower)} to ${say(betting.ratioUpper)} (95 % each, one-sided, anytime-valid)`,
      meaning: "Limits that hold at every look.",
    },
    {
      name: `Evidence for quality of less than ${min} of the baseline's`,
      value: `${sayE(betting.logEInferior.at(-1))} (anytime-valid)`,
      meaning: "20 contradicts the candidate at any time of looking.",
    },
  ];
}

/** Fieller's interval may be everything, or all but a part. */
function unboundedFigures(interval: FiellerInterval | null) {
  if (interval === null || interval.type === "bounded") return [];
  const limits =
    interval.type === "unbounded"
      ? "unbounded"
      : `all but ${say(interval.excludedFrom)} to ${say(interval.excludedTo)}`;
  return [
    {
      name: "Interval of the quality ratio",
      value: `95 % CI ${limits}, Fieller, fixed-n`,
      meaning: "The baseline's quality may be too near 0 for two limits.",
    },
  ];
}

/** The same for errors and latency. */
export function requestExtras({ errors, latency }: AnalysedCandidate, margin: number) {
  const { perFeatureT: t, decisionMethod, status } = latency;
  return [
    {
      name: `Error rate higher by ${margin} or more`,
      value: sayP(errors.niP),
      meaning: "Tests that it is not; small values speak for the candidate.",
    },
    {
      name: "Interval of the p95 latency",
      value: decisionMethod === null ? status : "bootstrap by feature",
      meaning: "How it was made.",
    },
    {
      name: "Sensitivity, the typical feature's own ratio",
      value: `${say(t?.ratio)} ${sayInterval(t && [t.ratioCi90Lower, t.ratioCi90Upper], FIXED_90)}, t over features; decides nothing`,
      meaning: "Another ratio of the p95 latency, as a check.",
    },
  ];
}

/** The same for the decision. */
export function decisionExtras({ power, allocation, srmAlarm }: AnalysedCandidate) {
  return [
    {
      name: "Power of its parts",
      value: `cost ${say(power.powerCost)}, quality ${say(power.powerQuality)}`,
      meaning: "The chance to find each, if it is there.",
    },
    ...(srmAlarm
      ? [
          {
            name: "Orders",
            value: `ALARM: ${sayP(allocation.p)}`,
            meaning: "The orders occur in another ratio than assigned.",
          },
        ]
      : []),
  ];
}

function statusFigure(status: keyof typeof STATUS_REASONS) {
  return {
    name: "Status",
    value: status,
    meaning: "ok, or why there are no numbers.",
  };
}
