import { type Hours, hoursPerWeek } from "../assignment/hours.ts";
import type { PlannedUnit } from "../assignment/plan.ts";
import { pricedPeaks, sayPeaks } from "../assignment/priced-peaks.ts";
import { sayDuration } from "../budgets/parse-duration.ts";
import type { Experiment } from "../session/prepare-experiment.ts";

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_HOUR = 60;
const MS_PER_HOUR = MINUTES_PER_HOUR * MS_PER_MINUTE;
const MS_PER_SECOND = 1000;

/** How a plan lies in peak hours and the others. */
export interface PlannedHours {
  readonly units: { readonly peak: number; readonly off_peak: number };
  readonly peak_hours_a_week: number;
  /** How often a week they begin. */
  readonly peaks_a_week: number;
  /** What the windows of peak hours take at most, in hours by the clock on the wall. */
  readonly peak_work_hours_max: number;
}

/** Null where units are not drawn by hours. */
export function planHours(experiment: Experiment): PlannedHours | null {
  const { configuration, plan } = experiment;
  const peaks = pricedPeaks(configuration);
  if (peaks.length === 0) return null;
  const { peak, stretches } = hoursPerWeek(peaks.map((one) => one.peak));
  const of = (hours: Hours) => plan.units.filter((unit) => unit.hours === hours);
  const unitsMs = of("peak").map((unit) => longestMs(unit, experiment));
  const workMs = workedMs(unitsMs, configuration.design.concurrency);
  return {
    units: { peak: of("peak").length, off_peak: of("off-peak").length },
    peak_hours_a_week: peak,
    peaks_a_week: stretches,
    peak_work_hours_max: round(workMs / MS_PER_HOUR),
  };
}

/** Which hours they are, how units are spread over them, and how many peaks the run may have to wait for. */
export function describeHours(experiment: Experiment): readonly string[] {
  const planned = planHours(experiment);
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
    `Peak hours: ${sayPeaks(pricedPeaks(experiment.configuration))}`,
    `  ${sayHours(week / peaks)} at a time, ${String(peaks)} times a week; units in them ${String(units.peak)}, in other hours ${String(units.off_peak)}`,
    ...(needed <= 1
      ? []
      : [
          `  The windows of peak hours may take ${sayHours(work)} in all: the run may need ${String(needed)} peaks, and waits in between.`,
        ]),
  ];
}

/** Of all its windows, one after the other. */
function longestMs({ featureId, windows }: PlannedUnit, experiment: Experiment): number {
  const { limits, design } = experiment.configuration;
  const timeoutMs = (experiment.tasks.get(featureId)?.timeoutS ?? 0) * MS_PER_SECOND;
  const eachMs = Math.min(timeoutMs, limits.windowMs ?? timeoutMs);
  return windows.length * eachMs + (windows.length - 1) * design.washoutMs;
}

/** So many at a time, each begun as soon as another one has ended. */
function workedMs(unitsMs: readonly number[], concurrency: number): number {
  const freeAtMs = Array.from({ length: concurrency }, () => 0);
  for (const unitMs of unitsMs) {
    const firstFree = freeAtMs.indexOf(Math.min(...freeAtMs));
    freeAtMs[firstFree] = (freeAtMs[firstFree] ?? 0) + unitMs;
  }
  return Math.max(...freeAtMs);
}

function sayHours(hours: number): string {
  return sayDuration(Math.round(hours * MINUTES_PER_HOUR) * MS_PER_MINUTE);
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
