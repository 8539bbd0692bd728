import type { Meter } from "../domain/meter.ts";
import { epochMsOf, timestampOf } from "../domain/timestamp.ts";
import { isPlausibleReset } from "./local-time.ts";
import { type Capture, type PaneReading, STALE_PANE } from "./pane-reading.ts";

const MS_PER_MINUTE = 60_000;

/** A meter whose source says its reset as a moment. A reset that is no reset of its window is an error. */
export function meterWithReset(
  meter: Meter & { readonly limit_window_minutes: number },
  resetMs: number | undefined,
  { capturedAt }: Pick<Capture, "capturedAt">,
): PaneReading {
  const { name, limit_window_minutes: minutes, as_of: readAt } = meter;
  if (resetMs === undefined) {
    return { meters: [meter], errors: [`${name}: expected a reset, got none.`], notes: [] };
  }
  const windowMs = minutes * MS_PER_MINUTE;
  if (!isPlausibleReset(resetMs, { readAtMs: epochMsOf(readAt), windowMs })) {
    const error = `${name}: reset-implausible: expected a reset within ${String(minutes)} minutes of ${readAt}, got ${timestampOf(resetMs)}.`;
    return { meters: [meter], errors: [error], notes: [] };
  }
  return {
    meters: [{ ...meter, resets_at: timestampOf(resetMs) }],
    errors: [],
    notes: resetMs < epochMsOf(capturedAt) ? [STALE_PANE] : [],
  };
}
