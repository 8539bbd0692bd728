import type { Configuration } from "./configuration.ts";
import type { ExperimentFile } from "./experiment-file.ts";

const DEFAULT_IDLE_MINUTES = 5;
const MS_PER_MINUTE = 60_000;

/**
 * Returns the limits that end or slow down every window, with their origins.
 * @param fileName the name of the file in the origin; null for the built-in rehearsal.
 */
export function windowLimits(
  {
    window_minutes: minutes,
    idle_minutes: idleMinutes,
    requests_per_s: pace,
  }: ExperimentFile["limits"],
  fileName: string | null,
): Configuration["limits"] {
  const fromFile = fileName === null ? "rehearsal" : `file ${fileName}`;
  const originOf = (given: number | undefined) => (given === undefined ? "default" : fromFile);
  return {
    windowMs: minutes === undefined ? null : minutes * MS_PER_MINUTE,
    idleMs: (idleMinutes ?? DEFAULT_IDLE_MINUTES) * MS_PER_MINUTE,
    requestsPerS: pace ?? null,
    origins: {
      windowMs: originOf(minutes),
      idleMs: originOf(idleMinutes),
      requestsPerS: originOf(pace),
    },
  };
}
