import type { PlanData } from "../../../experiment/planned/plan-data.ts";
import { sayDuration } from "../../../gateway/budgets/parse-budget.ts";
import { pricedPeaks, sayPeaks } from "../../../plan/assignment/hours.ts";
import type { Configuration } from "../../../plan/config/configuration.ts";

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_HOUR = 60;

/** Says which hours are peaks, how sets are spread over them, and how many peaks the run may need. */
export function describeHours(
  { hours: planned }: PlanData,
  configuration: Configuration,
): readonly string[] {
  if (planned === null) return [];
  const {
    units,
    peak_hours_a_week: week,
    peaks_a_week: peaks,
    peak_work_hours_max: work,
  } = planned;
  const needed = Math.ceil((work * peaks) / week);
  return [
    "",
    `Peak hours: ${sayPeaks(pricedPeaks(configuration))}`,
    `  ${sayHours(week / peaks)} at a time, ${String(peaks)} times a week; matched sets in them ${String(units.peak)}, in other hours ${String(units.off_peak)}`,
    ...(needed <= 1
      ? []
      : [
          `  The windows of peak hours may take ${sayHours(work)} in all: the run may need ${String(needed)} peaks, and waits in between.`,
        ]),
  ];
}

export function describeTime({ time }: Pick<PlanData, "time">, { design }: Configuration): string {
  const { windows_at_once: atOnce, hours_max: hours } = time;
  const windows = atOnce === 1 ? "one window" : `${String(atOnce)} windows`;
  const origin = design.isConcurrencyGiven ? "design.concurrency" : "default for this machine";
  return `Time: at most ${sayHours(hours)}, with ${windows} at a time (${origin})`;
}

function sayHours(hours: number): string {
  return sayDuration(Math.round(hours * MINUTES_PER_HOUR) * MS_PER_MINUTE);
}
