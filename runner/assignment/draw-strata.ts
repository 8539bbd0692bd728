import type { StratumFeature } from "../../reports/statistics/randomisation/list-units.ts";
import type { Task } from "../bank/task.ts";
import type { Configuration } from "../config/configuration.ts";
import { drawHours } from "./draw-hours.ts";
import type { Hours } from "./hours.ts";
import { pricedPeaks } from "./priced-peaks.ts";
import { stratumOf } from "./stratum-of.ts";

/** A task, or where hours are drawn one replicate of it, in its stratum. */
export interface DrawnStratum extends StratumFeature {
  /** Undefined where hours are not among the strata. */
  readonly hours?: Hours;
}

/**
 * The strata in which sequences are drawn: facts of tasks alone need no draw, hours do.
 * @throws ConfigurationError where a task does not say a fact, or no price has peak hours.
 */
export function drawStrata(
  configuration: Configuration,
  tasks: readonly Task[],
  cohort: number,
): readonly DrawnStratum[] {
  const { seed: rootSeed, design, replicates } = configuration;
  const fields = design.strata;
  if (pricedPeaks(configuration).length === 0) {
    return tasks.map((task) => ({ feature: task.id, stratum: stratumOf(task, fields) }));
  }
  const rest = fields.filter((field) => field !== "peak_hours");
  const features = tasks.map((task) => ({ feature: task.id, stratum: stratumOf(task, rest) }));
  const units = Map.groupBy(
    drawHours({ rootSeed, features, replicates, cohort }),
    ({ feature }) => feature,
  );
  return tasks.flatMap((task) =>
    (units.get(task.id) ?? []).map(({ replicate, hours }) => ({
      feature: task.id,
      stratum: stratumOf(task, fields, hours),
      replicates: [replicate],
      hours,
    })),
  );
}
