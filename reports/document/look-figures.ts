import type { LookFigures } from "../looks/look-figures.ts";
import type { GateReport } from "../report/gate-report.ts";
import {
  ANYTIME_95,
  FIXED_90,
  FIXED_95,
  formatSignificant,
  type IntervalKind,
  sayE,
  sayInterval,
  sayOr,
  sayP,
  sayUnconfirmed,
} from "../text/number-text.ts";
import type { Figure } from "./document.ts";
import { METHOD, type MethodAnchor } from "./method.ts";
import { notAvailable } from "./parts.ts";

type Value = number | null | undefined;
type Limits = readonly [Value, Value] | null | undefined;
type LookFigure = Omit<Figure, "method"> & { readonly method?: MethodAnchor };
type Thresholds = GateReport["gates"]["thresholds"];

export const FEW_PAIRS = "the pairs so far allow none";
export const FEW_REQUESTS = "the requests so far allow none";
export const P95_NEEDS = "it needs 4 features and 20 requests of each provider";

/** Why figures are missing. */
const REASONS = {
  cost: FEW_PAIRS,
  totals: FEW_PAIRS,
  order: FEW_PAIRS,
  carryover: FEW_PAIRS,
  quality: FEW_PAIRS,
  qualityInterval: "it has no limits yet",
  requests: FEW_REQUESTS,
  p95: P95_NEEDS,
};

interface Place {
  readonly thresholds: Thresholds;
  /** Follows the name of a figure, where others have the same name. */
  readonly look?: string;
  /** Why figures are missing, where more is known than that a look has none. */
  readonly why?: Partial<typeof REASONS>;
  /** Follow the effects of the order, where their intervals are known. */
  readonly intervals?: { readonly order: string; readonly carryover: string };
}

type Context = Required<Pick<Place, "thresholds" | "look" | "intervals">> & {
  readonly why: typeof REASONS;
};

/** The numbers behind a look, by their subjects; each interval has its level and says when it holds. */
export function lookFigures(
  figures: LookFigures,
  { thresholds, look = "", why, intervals = { order: "", carryover: "" } }: Place,
) {
  const context: Context = { thresholds, look, intervals, why: { ...REASONS, ...why } };
  return {
    pairs: [pairFigure(figures, context)],
    cost: [
      ...costFigures(figures, context),
      ...evidenceFigures(figures, context),
      ...orderFigures(figures, context),
    ],
    quality: qualityFigures(figures, context),
    requests: requestFigures(figures, context),
    power: [powerFigure(figures, context)],
  };
}

function pOr(p: Value, why: string): string {
  return (p ?? null) === null ? `p ${notAvailable(why)}` : sayP(p);
}

function eOr(logE: Value, why = FEW_PAIRS): string {
  const text = (logE ?? null) === null ? `E ${notAvailable(why)}` : sayE(logE);
  return `${text} (anytime-valid)`;
}

/** ` (95 % CI 1.90 to 3.16, fixed-n)`, or why there is none. */
function intervalOr(limits: Limits, kind: IntervalKind, why: string): string {
  if ((limits ?? null) === null) return ` (no ${kind.name}, ${kind.validity}: ${why})`;
  // A look records an infinite limit as null.
  const [lower, upper] = limits ?? [];
  return ` ${sayInterval([lower ?? -Infinity, upper ?? Infinity], kind)}`;
}

function countOr(value: Value): string {
  return (value ?? null) === null ? "unknown" : String(value);
}

function pairFigure(figures: LookFigures, { look }: Context): LookFigure {
  const { pairsAB, pairsBA, missingPeriod1, missingPeriod2 } = figures;
  return {
    name: `Pairs${look}`,
    value: `${countOr(pairsAB)} baseline first, ${countOr(pairsBA)} candidate first; incomplete: ${countOr(missingPeriod1)} without period 1, ${countOr(missingPeriod2)} without period 2`,
    meaning: "The complete pairs that the look counted, and those that lack a window.",
  };
}

function costFigures(
  figures: LookFigures,
  { thresholds: { cost_target }, look, why }: Context,
): readonly LookFigure[] {
  const { adversePairs, adverseShareUpper95 } = figures;
  const fixed = intervalOr(figures.costRatioCi95, FIXED_95, why.cost);
  const anytime = intervalOr(figures.costRatioCs95, ANYTIME_95, FEW_PAIRS);
  const totals = intervalOr(figures.totalsRatioCi95, FIXED_95, why.totals);
  return [
    {
      name: `Cost ratio${look}`,
      value: sayOr(figures.costRatio, why.cost, `${fixed},${anytime}`),
      number: figures.costRatio,
      meaning: `Baseline ÷ candidate, adjusted for order; the gates ask for at least ${cost_target}.`,
      method: METHOD.cost,
    },
    {
      name: `Ratio of totals${look}`,
      value: sayOr(figures.totalsRatio, why.totals, totals),
      number: figures.totalsRatio,
      meaning: "Sum of the baseline's costs ÷ sum of the candidate's.",
      method: METHOD.cost,
    },
    {
      name: "Features in which the candidate is no cheaper",
      value:
        adversePairs === null
          ? notAvailable(why.totals)
          : `${adversePairs}; share at most ${sayOr(adverseShareUpper95, why.totals, " (95 % one-sided, fixed-n)")}`,
      number: adversePairs,
      meaning: "A typical saving can hide tasks that cost more.",
      method: METHOD.cost,
    },
  ];
}

function evidenceFigures(
  figures: LookFigures,
  { thresholds: { cost_target } }: Context,
): readonly LookFigure[] {
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

export function evidenceFigure([name, logE, meaning]: readonly [
  string,
  Value,
  string,
]): LookFigure {
  const number = (logE ?? null) === null ? null : Math.exp(logE ?? 0);
  return { name, value: eOr(logE), number, meaning, method: METHOD.intervals };
}

function orderFigures(
  figures: LookFigures,
  { look, why, intervals }: Context,
): readonly LookFigure[] {
  const { repositoryCorrelation: correlation, allocationP, allocationLogE } = figures;
  return [
    {
      name: `Order effect${look}`,
      value: sayOr(
        figures.orderEffect,
        why.order,
        `${intervals.order}, ${sayP(figures.orderEffectP)}`,
      ),
      number: figures.orderEffect,
      meaning: "Cost in period 1 ÷ cost in period 2, whichever provider.",
      method: METHOD.order,
    },
    {
      name: `Carry-over${look}`,
      value: sayOr(
        figures.carryover,
        why.carryover,
        `${intervals.carryover}, ${sayP(figures.carryoverP)}`,
      ),
      number: figures.carryover,
      meaning: "On a log scale, how far the first window changed the second; reported only.",
      method: METHOD.order,
    },
    {
      name: "Cost ratio of first periods alone",
      value: sayOr(
        figures.firstPeriodRatio,
        why.carryover,
        intervalOr(figures.firstPeriodRatioCi95, FIXED_95, why.carryover),
      ),
      number: figures.firstPeriodRatio,
      meaning: "Nothing can carry over into a first period.",
      method: METHOD.order,
    },
    {
      name: "Orders as assigned",
      value: `${pOr(allocationP, FEW_PAIRS)}, ${eOr(allocationLogE)}`,
      number: allocationP,
      meaning: "Whether the orders occur as they were drawn.",
      method: METHOD.order,
    },
    ...(correlation === null ? [] : [clusterFigure(correlation)]),
  ];
}

const CLUSTERED_FROM = 0.3;

/** Similar tasks of one repository say less about other repositories than their number suggests. */
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

function qualityFigures(
  figures: LookFigures,
  { thresholds: { quality_min }, why }: Context,
): readonly LookFigure[] {
  const unconfirmed = sayUnconfirmed(figures.extraForQuality);
  return [
    {
      name: "Quality of the candidate ÷ the baseline's",
      value: sayOr(
        figures.qualityRatio,
        why.quality,
        intervalOr(figures.qualityRatioCi95, FIXED_95, why.qualityInterval),
      ),
      number: figures.qualityRatio,
      meaning: `The gates ask for at least ${quality_min}, or for no significant drop.`,
    },
    {
      name: `Quality of at least ${quality_min} of the baseline's`,
      value: `t ${pOr(figures.qualityKeptP, why.quality)}, sign flips ${pOr(figures.qualityKeptSignFlipP, why.quality)} (fixed-n)`,
      number: figures.qualityKeptP,
      meaning: "Tests that the candidate keeps the required share; small values speak for it.",
    },
    {
      name: "Any drop in quality",
      value: `t ${pOr(figures.qualityDropP, why.quality)}, sign flips ${pOr(figures.qualityDropSignFlipP, why.quality)} (fixed-n)`,
      number: figures.qualityDropP,
      meaning: "Tests that the candidate is worse at all; small values speak against it.",
    },
    {
      name: `Evidence for quality of at least ${quality_min} of the baseline's`,
      value: `${eOr(figures.logEQuality, why.quality)}${unconfirmed}`,
      meaning: "20 confirms it at any time of looking.",
    },
  ].map((figure) => ({ method: METHOD.cost, ...figure }));
}

function requestFigures(figures: LookFigures, { why }: Context): readonly LookFigure[] {
  const { errorDesignEffectA: deffA, errorDesignEffectB: deffB } = figures;
  return [
    {
      name: "Error rate, difference",
      value: sayErrors(figures, why.requests),
      number: figures.errorDifference,
      meaning: "Error rate of the candidate less that of the baseline.",
    },
    {
      name: "Design effects of errors",
      value: `${sayOr(deffA, why.requests)} and ${sayOr(deffB, why.requests)}`,
      meaning:
        "How much errors of one window come together, for baseline and candidate; 1 is not at all.",
    },
    {
      name: "p95 latency, ratio",
      value: sayP95(figures, why),
      number: figures.latencyRatio,
      meaning: "The time within which 95 % of the requests ended, candidate ÷ baseline.",
    },
  ].map((figure) => ({ method: METHOD.errors, ...figure }));
}

function sayErrors(figures: LookFigures, why: string): string {
  const { errorDifference, errorDifferenceCi95, errorDifferenceCi90 } = figures;
  const shown = intervalOr(errorDifferenceCi95, FIXED_95, why);
  const deciding = intervalOr(errorDifferenceCi90, FIXED_90, why);
  return sayOr(errorDifference, why, ` more${shown}; decides${deciding}`);
}

function sayP95({ latencyRatio, latencyRatioCi90 }: LookFigures, why: Context["why"]): string {
  const deciding = intervalOr(latencyRatioCi90, FIXED_90, why.requests);
  return sayOr(latencyRatio, why.p95, ` times the baseline's${deciding}`);
}

function powerFigure({ power, powerConservative }: LookFigures, { why }: Context): LookFigure {
  return {
    name: "Power",
    value: sayOr(
      power,
      why.cost,
      `, at the upper limit of the spread ${sayOr(powerConservative, why.cost)}`,
    ),
    number: power,
    meaning: "The chance to find a cost ratio at the gates' target with so many pairs.",
    method: METHOD.gates,
  };
}
