import type { Meter } from "../domain/meter.ts";
import { epochMsOf } from "../domain/timestamp.ts";

/** A pane may show the old period for a while after its reset. */
const RESET_LAG_MS = 5 * 60_000;

/** A reset that a reading named and that had just happened when the `after` was taken. */
export interface RecentReset {
  readonly meter: string;
  readonly resetsAt: string;
}

/** Invariant 2: the resets that either reading observed less than five minutes before the `after`. */
export function recentResets(
  readings: readonly (readonly Meter[])[],
  capturedAt: string,
): readonly RecentReset[] {
  const recent = new Map<string, RecentReset>();
  for (const { name, resets_at: resetsAt } of readings.flat()) {
    if (resetsAt === null || resetsAt === undefined) continue;
    const sinceMs = epochMsOf(capturedAt) - epochMsOf(resetsAt);
    if (sinceMs >= 0 && sinceMs < RESET_LAG_MS) recent.set(name, { meter: name, resetsAt });
  }
  return [...recent.values()];
}
