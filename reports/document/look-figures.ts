import type { LookFigures } from "../decisions/look-figures.ts";
import type { GateReport } from "../gate/gate-report.ts";
import {
  ANYTIME_95,
  FIXED_90,
  FIXED_95,
  formatSignificant,
  type IntervalKind,
  say,
  sayE,
  sayInterval,
  sayP,
  sayUnconfirmed,
} from "../text/number-text.ts";
import type { Figure, FiguresBlock } from "./document.ts";
import { METHOD, type MethodAnchor } from "./method.ts";
import { figuresOf, notAvailable } from "./parts.ts";

type Value = number | null | undefined;
type Limits = readonly [Value, Value] | null | undefined;
type LookFigure = Omit<Figure, "method"> & { readonly method?: MethodAnchor };
type Thresholds = GateReport["gates"]["thresholds"];

interface Named {
  /** Follows the name of a figure, where others have the same name. */
  readonly look: string;
}

/** The numbers behind a look; each interval has its level and says when it holds. */
export function lookFigures(
  figures: LookFigures,
  thresholds: Thresholds,
  { look }: Named,
): FiguresBlock {
  return figuresOf(METHOD.looks, [
    pairFigure(figures, look),
    ...costFigures(figures, thresholds, look),
    ...evidenceFigures(figures, thresholds),
    ...orderFigures(figures, look),
    ...qualityFigures(figures, thresholds),
    ...requestFigures(figures),
    powerFigure(figures),
  ]);
}

export const FEW_PAIRS = "the pairs so far allow none";

/** A number, or why there is none. */
function valueOr(value: Value, why: string): string {
  return (value ?? null) === null ? notAvailable(why) : say(value);
}

function pOr(p: Value, why = FEW_PAIRS): string {
  return (p ?? null) === null ? `p ${notAvailable(why)}` : sayP(p);
}

function eOr(logE: Value): string {
  const text = (logE ?? null) === null ? `E ${notAvailable(FEW_PAIRS)}` : sayE(logE);
  return `${text} (anytime-valid)`;
}

/** `(95 % CI 1.90 to 3.16, fixed-n)`, or why there is none. */
function intervalOr(limits: Limits, kind: IntervalKind, why = FEW_PAIRS): string {
  const [lower = null, upper = null] = limits ?? [];
  if (lower === null || upper === null) return `(no ${kind.name}, ${kind.validity}: ${why})`;
  return sayInterval([lower, upper], kind);
}

function countOr(value: Value): string {
  return (value ?? null) === null ? "unknown" : String(value);
}

function pairFigure(figures: LookFigures, look: string): LookFigure {
  const { pairsAB, pairsBA, missingPeriod1, missingPeriod2 } = figures;
  return {
    name: `Pairs${look}`,
    value: `${countOr(pairsAB)} baseline first, ${countOr(pairsBA)} candidate first; incomplete: ${countOr(missingPeriod1)} without period 1, ${countOr(missingPeriod2)} without period 2`,
    meaning: "The complete pairs that the look counted, and those that lack a window.",
  };
}

function costFigures(
  figures: LookFigures,
  { cost_target }: Thresholds,
  look: string,
): readonly LookFigure[] {
  const { adversePairs, adverseShareUpper95 } = figures;
  return [
    {
      name: `Cost ratio${look}`,
      value: `${valueOr(figures.costRatio, FEW_PAIRS)} ${intervalOr(figures.costRatioCi95, FIXED_95)}, ${intervalOr(figures.costRatioCs95, ANYTIME_95)}`,
      number: figures.costRatio,
      meaning: `Baseline ÷ candidate, adjusted for order; the gates ask for at least ${cost_target}.`,
      method: METHOD.cost,
    },
    {
      name: `Ratio of totals${look}`,
      value: `${valueOr(figures.totalsRatio, FEW_PAIRS)} ${intervalOr(figures.totalsRatioCi95, FIXED_95)}`,
      number: figures.totalsRatio,
      meaning: "Sum of the baseline's costs ÷ sum of the candidate's.",
      method: METHOD.cost,
    },
    {
      name: "Features in which the candidate is no cheaper",
      value: `${valueOr(adversePairs, FEW_PAIRS).replace(/\.0+$/u, "")}; share at most ${valueOr(adverseShareUpper95, FEW_PAIRS)} (95 % one-sided, fixed-n)`,
      number: adversePairs,
      meaning: "A typical saving can hide tasks that cost more.",
      method: METHOD.cost,
    },
  ];
}

function evidenceFigures(figures: LookFigures, { cost_target }: Thresholds): readonly LookFigure[] {
  return [
    evidenceFigure([
      "Evidence that the cost ratio is above 1",
      figures.logE1,
      "How many times likelier the data are than if there were no difference.",
    ]),
    evidenceFigure([
      `Evidence that the cost ratio is above ${cost_target}`,
      figures.logETarget,
      "The same against the gates' target; 20 is enough for one candidate.",
    ]),
    evidenceFigure([
      `Evidence by signs that the cost ratio is above ${cost_target}`,
      figures.logESign,
      "It counts only in how many pairs the ratio is above the target.",
    ]),
    evidenceFigure([
      `Evidence that the ratio of totals is above ${cost_target}`,
      figures.logETotals,
      "It protects against rare windows that are very dear.",
    ]),
  ];
}

function evidenceFigure([name, logE, meaning]: readonly [string, Value, string]): LookFigure {
  const number = (logE ?? null) === null ? null : Math.exp(logE ?? 0);
  return { name, value: eOr(logE), number, meaning, method: METHOD.intervals };
}

function orderFigures(figures: LookFigures, look: string): readonly LookFigure[] {
  const { repositoryCorrelation: correlation, allocationP, allocationLogE } = figures;
  return [
    {
      name: `Order effect${look}`,
      value: `${valueOr(figures.orderEffect, FEW_PAIRS)}, ${pOr(figures.orderEffectP)}`,
      number: figures.orderEffect,
      meaning: "Cost in period 1 ÷ cost in period 2, whichever provider.",
      method: METHOD.order,
    },
    {
      name: `Carry-over${look}`,
      value: `${valueOr(figures.carryover, FEW_PAIRS)}, ${pOr(figures.carryoverP)}`,
      number: figures.carryover,
      meaning: "On a log scale, how far the first window changed the second; reported only.",
      method: METHOD.order,
    },
    {
      name: "Cost ratio of first periods alone",
      value: `${valueOr(figures.firstPeriodRatio, FEW_PAIRS)} ${intervalOr(figures.firstPeriodRatioCi95, FIXED_95)}`,
      number: figures.firstPeriodRatio,
      meaning: "Nothing can carry over into a first period.",
      method: METHOD.order,
    },
    {
      name: "Orders as assigned",
      value: `${pOr(allocationP)}, ${eOr(allocationLogE)}`,
      number: allocationP,
      meaning: "Whether the orders occur as they were drawn.",
      method: METHOD.order,
    },
    ...(correlation === null ? [] : [clusterFigure(correlation)]),
  ];
}

const CLUSTERED_FROM = 0.3;

/** Tasks of one repository that are alike tell less about other repositories than their number says. */
function clusterFigure(correlation: number): LookFigure {
  const warning = correlation > CLUSTERED_FROM ? ": clustered" : "";
  return {
    name: "Intraclass correlation by repository",
    value: `${formatSignificant(correlation)}${warning}`,
    number: correlation,
    meaning:
      "How alike the log cost ratios of one repository are. Above 0.3, name a family in task.yaml for tasks that belong together.",
    method: METHOD.gates,
  };
}

function qualityFigures(figures: LookFigures, { quality_min }: Thresholds): readonly LookFigure[] {
  const unconfirmed = sayUnconfirmed(figures.extraForQuality);
  return [
    {
      name: "Quality of the candidate ÷ the baseline's",
      value: `${valueOr(figures.qualityRatio, FEW_PAIRS)} ${intervalOr(figures.qualityRatioCi95, FIXED_95, "it has no limits yet")}`,
      number: figures.qualityRatio,
      meaning: `The gates ask for at least ${quality_min}, or for no significant drop.`,
    },
    {
      name: `Quality of at least ${quality_min} of the baseline's`,
      value: `t ${pOr(figures.qualityKeptP)}, sign flips ${pOr(figures.qualityKeptSignFlipP)} (fixed-n)`,
      number: figures.qualityKeptP,
      meaning: "Tests that the candidate keeps the required share; small values speak for it.",
    },
    {
      name: "Any drop in quality",
      value: `t ${pOr(figures.qualityDropP)}, sign flips ${pOr(figures.qualityDropSignFlipP)} (fixed-n)`,
      number: figures.qualityDropP,
      meaning: "Tests that the candidate is worse at all; small values speak against it.",
    },
    {
      name: `Evidence for quality of at least ${quality_min} of the baseline's`,
      value: `${eOr(figures.logEQuality)}${unconfirmed}`,
      meaning: "20 confirms it at any time of looking.",
    },
  ].map((figure) => ({ method: METHOD.cost, ...figure }));
}

export const FEW_REQUESTS = "the requests so far allow none";
export const P95_NEEDS = "it needs 4 features and 20 requests of each provider";

function requestFigures(figures: LookFigures): readonly LookFigure[] {
  const { errorDesignEffectA: deffA, errorDesignEffectB: deffB } = figures;
  return [
    {
      name: "Error rate, difference",
      value: sayErrors(figures),
      number: figures.errorDifference,
      meaning: "Error rate of the candidate less that of the baseline.",
    },
    {
      name: "Design effects of errors",
      value: `${valueOr(deffA, FEW_REQUESTS)} and ${valueOr(deffB, FEW_REQUESTS)}`,
      meaning:
        "How much errors of one window come together, for baseline and candidate; 1 is not at all.",
    },
    {
      name: "p95 latency, ratio",
      value: sayP95(figures),
      number: figures.latencyRatio,
      meaning: "The time within which 95 % of the requests ended, candidate ÷ baseline.",
    },
  ].map((figure) => ({ method: METHOD.errors, ...figure }));
}

function sayErrors({ errorDifference, ...others }: LookFigures): string {
  if (errorDifference === null) return valueOr(null, FEW_REQUESTS);
  const shown = intervalOr(others.errorDifferenceCi95, FIXED_95, FEW_REQUESTS);
  const deciding = intervalOr(others.errorDifferenceCi90, FIXED_90, FEW_REQUESTS);
  return `${say(errorDifference)} more ${shown}; decides ${deciding}`;
}

function sayP95({ latencyRatio, latencyRatioCi90 }: LookFigures): string {
  if (latencyRatio === null) return valueOr(null, P95_NEEDS);
  return `${say(latencyRatio)} times the baseline's ${intervalOr(latencyRatioCi90, FIXED_90, FEW_REQUESTS)}`;
}

function powerFigure({ power, powerConservative }: LookFigures): LookFigure {
  return {
    name: "Power",
    value: `${valueOr(power, FEW_PAIRS)}, at the upper limit of the spread ${valueOr(powerConservative, FEW_PAIRS)}`,
    number: power,
    meaning: "The chance to find a cost ratio at the gates' target with so many pairs.",
    method: METHOD.gates,
  };
}
