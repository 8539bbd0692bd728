import type { Meter } from "../domain/meter.ts";
import { epochMsOf, type Timestamp, timestampOf } from "../domain/timestamp.ts";
import { isPlausibleReset, type ResolvedTime } from "./local-time.ts";
import { type Capture, type PaneReading, STALE_PANE } from "./pane-reading.ts";

const MS_PER_MINUTE = 60_000;

/** What of a limit was used, in percent, without a reset. */
export function percentMeter(
  limit: { readonly name: string; readonly minutes: number },
  used: number,
  readAt: Timestamp,
) {
  const { name, minutes } = limit;
  const unit = "percent" as const;
  return { name, limit_window_minutes: minutes, unit, used, resets_at: null, as_of: readAt };
}

/** A meter whose pane shows its reset as a time. */
export function meterWithShownReset(meter: Meter, reset: ResolvedTime): PaneReading {
  const isKnown = "epochMs" in reset;
  return {
    meters: [{ ...meter, resets_at: isKnown ? timestampOf(reset.epochMs) : null }],
    errors: isKnown ? [] : [`${meter.name}: ${reset.error}`],
    notes: isKnown && reset.isPast ? [STALE_PANE] : [],
  };
}

/** A meter whose source states its reset as a moment. A reset that is not a reset of its window is an error. */
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
