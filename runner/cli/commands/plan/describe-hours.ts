import { sum } from "simple-statistics";

import type { Experiment } from "../../../experiment/session/prepare-experiment.ts";
import { sayDuration } from "../../../gateway/budgets/parse-budget.ts";
import { type Hours, hoursPerWeek, pricedPeaks, sayPeaks } from "../../../plan/assignment/hours.ts";
import type { MatchedSet } from "../../../plan/assignment/plan.ts";
import { rolesIn } from "../../../plan/config/configuration.ts";
import type { Configuration } from "../../../plan/config/configuration.ts";

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_HOUR = 60;
const MS_PER_HOUR = MINUTES_PER_HOUR * MS_PER_MINUTE;
const MS_PER_SECOND = 1000;

/** How a plan is spread over peak hours and other hours; null if sets are not drawn by hours. */
export function planHours(experiment: Experiment) {
  const { configuration, plan } = experiment;
  const peaks = pricedPeaks(configuration);
  if (peaks.length === 0) return null;
  const { peak, stretches } = hoursPerWeek(peaks.map((one) => one.peak));
  const of = (hours: Hours) => plan.sets.filter((set) => set.hours === hours);
  const setsMs = of("peak").map((set) => longestMs(set, experiment));
  const workMs = workedMs(setsMs, windowsAtOnce(configuration));
  return {
    units: { peak: of("peak").length, off_peak: of("off-peak").length },
    peak_hours_a_week: peak,
    /** How many times a week peak hours begin. */
    peaks_a_week: stretches,
    /** The most wall time that the windows in peak hours may take, hours. */
    peak_work_hours_max: round(workMs / MS_PER_HOUR),
  };
}

/** Says which hours are peaks, how sets are spread over them, and how many peaks the run may need. */
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
    `  ${sayHours(week / peaks)} at a time, ${String(peaks)} times a week; matched sets in them ${String(units.peak)}, in other hours ${String(units.off_peak)}`,
    ...(needed <= 1
      ? []
      : [
          `  The windows of peak hours may take ${sayHours(work)} in all: the run may need ${String(needed)} peaks, and waits in between.`,
        ]),
  ];
}

/** The windows that may run at the same time. */
function windowsAtOnce({ design, providers }: Configuration): number {
  return Math.min(design.concurrency, sum(providers.map(({ windows = 1 }) => windows)));
}

/** How long the run may take if every window takes all of its time. */
export function planTime(experiment: Experiment) {
  const { configuration, plan } = experiment;
  const setsMs = plan.sets.map((set) => longestMs(set, experiment));
  const atOnce = windowsAtOnce(configuration);
  return {
    windows_at_once: atOnce,
    hours_max: round(workedMs(setsMs, atOnce) / MS_PER_HOUR),
  };
}

export function describeTime(experiment: Experiment): string {
  const { windows_at_once: atOnce, hours_max: hours } = planTime(experiment);
  const windows = atOnce === 1 ? "one window" : `${String(atOnce)} windows`;
  const { isConcurrencyGiven } = experiment.configuration.design;
  const origin = isConcurrencyGiven ? "design.concurrency" : "default for this machine";
  return `Time: at most ${sayHours(hours)}, with ${windows} at a time (${origin})`;
}

/** The time of all windows of a set, one after the other. */
function longestMs({ featureId, windows }: MatchedSet, experiment: Experiment): number {
  const { limits, design, providers } = experiment.configuration;
  const timeoutMs = (experiment.tasks.get(featureId)?.timeoutS ?? 0) * MS_PER_SECOND;
  const workMs = windows.map(({ provider: id }) => {
    const provider = providers.find((one) => one.id === id);
    const ownMs = timeoutMs * (provider === undefined ? 1 : rolesIn(provider));
    return Math.min(ownMs, limits.windowMs ?? ownMs);
  });
  return sum(workMs) + (windows.length - 1) * design.washoutMs;
}

/** The time of all sets if so many run at once, each begun as soon as another one has ended. */
function workedMs(setsMs: readonly number[], concurrency: number): number {
  const freeAtMs = Array.from({ length: concurrency }, () => 0);
  for (const setMs of setsMs) {
    const firstFree = freeAtMs.indexOf(Math.min(...freeAtMs));
    freeAtMs[firstFree] = (freeAtMs[firstFree] ?? 0) + setMs;
  }
  return Math.max(...freeAtMs);
}

function sayHours(hours: number): string {
  return sayDuration(Math.round(hours * MINUTES_PER_HOUR) * MS_PER_MINUTE);
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
