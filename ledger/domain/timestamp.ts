import { z } from "zod";

/** A moment as every row carries it: ISO 8601, UTC, milliseconds, "Z". */
export const Timestamp = z.iso.datetime({ precision: 3 });
export type Timestamp = z.infer<typeof Timestamp>;

/** The moment as milliseconds since the Unix epoch. */
export function epochMsOf(timestamp: string): number {
  return Date.parse(timestamp);
}

/** Milliseconds since the Unix epoch as a row's timestamp. */
export function timestampOf(epochMs: number): Timestamp {
  return new Date(epochMs).toISOString();
}

/** Milliseconds since the Unix epoch as a `Date`, for libraries that want one. */
export function dateOf(epochMs: number): Date {
  return new Date(epochMs);
}
