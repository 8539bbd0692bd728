import { z } from "zod";

/** A moment as every row carries it: ISO 8601, UTC, milliseconds, "Z". */
export const Timestamp = z.iso.datetime({ precision: 3 });
export type Timestamp = z.infer<typeof Timestamp>;

/** The last second of the year 9999. Milliseconds that are taken for seconds are later than this. */
export const EPOCH_SECONDS_MAX = 253_402_300_799;

/** The moment as milliseconds since the Unix epoch. */
export function epochMsOf(timestamp: string): number {
  return Date.parse(timestamp);
}

/** Whether a day such as `2026-02-28` is in the calendar: JavaScript takes 30 February for 2 March. */
export function isCalendarDay(day: string): boolean {
  const epochMs = epochMsOf(`${day}T00:00:00.000Z`);
  return !Number.isNaN(epochMs) && timestampOf(epochMs).startsWith(day);
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/u;

/** A moment as HTTP headers write it, e.g. `Fri, 31 Dec 1999 23:59:59 GMT`; null for any other text. */
export function httpDateMs(text: string): number | null {
  const epochMs = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(epochMs) ? null : epochMs;
}

/** Milliseconds since the Unix epoch as a row's timestamp. */
export function timestampOf(epochMs: number): Timestamp {
  return new Date(epochMs).toISOString();
}

/** Milliseconds since the Unix epoch as a `Date`, for libraries that want one. */
export function dateOf(epochMs: number): Date {
  return new Date(epochMs);
}
