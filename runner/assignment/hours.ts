import { wallClock } from "../../ledger/domain/wall-clock.ts";
import { isPeak } from "../prices/peak-hours.ts";

/** The hours in which a matched set runs. */
export type Hours = "peak" | "off-peak";

type Peak = Parameters<typeof isPeak>[0];

const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;
const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;
const DAYS_PER_WEEK = 7;
const WEEK_MS = DAYS_PER_WEEK * MINUTES_PER_DAY * MS_PER_MINUTE;
/** Monday, 5 January 2026: any week works that has no clock change nearby. */
const SOME_WEEK_MS = 1_767_571_200_000;

/** Returns `peak` if any of the peaks covers the moment (epoch ms). */
export function hoursAt(peaks: readonly Peak[], atMs: number): Hours {
  return peaks.some((peak) => isPeak(peak, atMs)) ? "peak" : "off-peak";
}

/**
 * Returns when the hours change after a moment (epoch ms, on the minute); null if they do not change
 * within eight days.
 */
export function nextChangeMs(peaks: readonly Peak[], atMs: number): number | null {
  const now = hoursAt(peaks, atMs);
  const change = peaks
    .flatMap((peak) => [peak.from, peak.to].flatMap((time) => occurrences(time, peak.zone, atMs)))
    .filter((candidate) => candidate > atMs)
    .toSorted((left, right) => left - right)
    .find((candidate) => hoursAt(peaks, candidate) !== now);
  return change ?? null;
}

/** Returns the hours of each kind in a week, and the number of peak stretches. */
export function hoursPerWeek(peaks: readonly Peak[]): {
  readonly peak: number;
  readonly offPeak: number;
  readonly stretches: number;
} {
  const endMs = SOME_WEEK_MS + WEEK_MS;
  let peakMs = 0;
  let stretches = 0;
  for (let fromMs = SOME_WEEK_MS; fromMs < endMs;) {
    const toMs = Math.min(nextChangeMs(peaks, fromMs) ?? endMs, endMs);
    if (hoursAt(peaks, fromMs) === "peak") {
      peakMs += toMs - fromMs;
      // A stretch over the end of the week continues at its beginning and is counted there.
      stretches += fromMs > SOME_WEEK_MS || hoursAt(peaks, fromMs - 1) === "off-peak" ? 1 : 0;
    }
    fromMs = toMs;
  }
  const peak = peakMs / MS_PER_HOUR;
  return { peak, offPeak: WEEK_MS / MS_PER_HOUR - peak, stretches };
}

/**
 * Returns the moments within eight days at which a zone's clocks may show a time of day. A clock change
 * in between moves a moment by an hour in either direction.
 */
function occurrences(time: string, zone: string, atMs: number): readonly number[] {
  const ahead = minuteOf(time) - minuteOf(wallClock(atMs, zone).time);
  const firstMs = Math.floor(atMs / MS_PER_MINUTE) * MS_PER_MINUTE + ahead * MS_PER_MINUTE;
  return Array.from(
    { length: DAYS_PER_WEEK + 2 },
    (_, day) => firstMs + (day * WEEK_MS) / DAYS_PER_WEEK,
  ).flatMap((momentMs) => [momentMs - MS_PER_HOUR, momentMs, momentMs + MS_PER_HOUR]);
}

/** Returns the minute of the day from `14:05`. */
function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * MINUTES_PER_HOUR + minute;
}
