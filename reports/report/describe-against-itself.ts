import type { Evidence } from "../evidence/evidence.ts";
import { detectableRatio } from "../gate/plan-power.ts";
import { readRecordedGates } from "../looks/gate-file.ts";
import type { LookFigures } from "../looks/look-figures.ts";
import { tQuantile } from "../statistics/numerics/student-t.ts";
import { designSize } from "../statistics/power/power.ts";
import type { Comparison } from "./comparison-data.ts";
import type { AgainstItself } from "./comparison-data.ts";
import type { GateReport } from "./gate-report.ts";

const UPPER_95 = 0.975;

/** What an experiment calls a difference whose arms are the same; null for other experiments. */
export function describeAgainstItself(
  { registration, view }: Evidence,
  comparisons: readonly Comparison[],
  gate: GateReport | null,
): AgainstItself | null {
  if (!registration.aa) return null;
  const gates = readRecordedGates(view).registered;
  const [candidate] = gate?.candidates ?? [];
  const spread = spreadOf(comparisons[0]);
  return {
    figures: listFigures(candidate?.figures ?? null),
    smallest_ratio: spread === null ? null : detectableRatio(spread.features, spread.sd, gates),
    power_min: gates.power_min,
    cost_target: gates.cost_target,
    power: candidate?.figures?.power ?? null,
    verdicts: candidate?.policies ?? null,
  };
}

function listFigures(figures: LookFigures | null): AgainstItself["figures"] {
  if (figures === null) return [];
  const { costRatio, qualityRatio, errorDifference, latencyRatio } = figures;
  return [
    figureOf("cost ratio", { value: costRatio, limits: figures.costRatioCi95 }),
    figureOf("quality ratio", { value: qualityRatio, limits: figures.qualityRatioCi95 }),
    figureOf("difference of error rates", {
      value: errorDifference,
      limits: figures.errorDifferenceCi95,
      equal: 0,
    }),
    figureOf("ratio of p95 latencies", {
      value: latencyRatio,
      limits: figures.latencyRatioCi90,
      level: 90,
    }),
  ];
}

interface Found {
  readonly value: number | null;
  readonly limits: readonly [number | null, number | null] | null;
  readonly equal?: number;
  readonly level?: number;
}

function figureOf(
  figure: string,
  { value, limits, equal = 1, level = 95 }: Found,
): AgainstItself["figures"][number] {
  const [lower, upper] = limits ?? [null, null];
  const isKnown = lower !== null && upper !== null;
  const is_different = isKnown ? equal < lower || equal > upper : null;
  return { figure, equal, value, lower, upper, level, is_different };
}

/** The standard deviation of a feature's log cost ratio, from the interval that is adjusted for order. */
function spreadOf(comparison: Comparison | undefined) {
  const { ci95 = null, df = null } = comparison?.adjusted_cost_ratio ?? {};
  if (comparison === undefined || ci95 === null || df === null) return null;
  const { features } = comparison;
  const se = Math.log(ci95.upper / ci95.lower) / (2 * tQuantile(UPPER_95, df));
  return { features, sd: se * Math.sqrt(designSize("crossover", features).nEff) };
}
