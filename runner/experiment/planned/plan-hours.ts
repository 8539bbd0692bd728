import { sum } from "simple-statistics";

import { type Hours, hoursPerWeek, pricedPeaks } from "../../plan/assignment/hours.ts";
import type { MatchedSet } from "../../plan/assignment/plan.ts";
import { type Configuration, rolesIn } from "../../plan/config/configuration.ts";
import type { Experiment } from "../session/prepare-experiment.ts";

const MS_PER_HOUR = 3_600_000;
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

/** The windows that may run at the same time. */
function windowsAtOnce({ design, providers }: Configuration): number {
  return Math.min(design.concurrency, sum(providers.map(({ windows = 1 }) => windows)));
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

function round(value: number): number {
  return Number(value.toFixed(2));
}
