import { wallClock } from "../../ledger/domain/wall-clock.ts";

/** The use of a budget, its limit and its pace, in its own unit. */
export interface Consumption {
  readonly used: number;
  readonly limit: number | null;
  /** Taken over `spanMs`. */
  readonly taken: number;
  readonly spanMs: number;
  /** The length of a rolling period, after which use is forgotten. */
  readonly everyMs?: number | null;
}

/** A pace over less time is not reliable. */
const SHORTEST_SPAN_MS = 1000;
/** A forecast beyond this is of no use. */
const FURTHEST_MS = 366 * 86_400_000;

/**
 * The moment (epoch ms) at which a budget is empty if its use continues at this pace. null: there is no
 * pace, no limit or nothing left, or it would never be empty. The forecast ignores use that leaves a
 * rolling period until then, so it may be early, never late.
 */
export function emptyAtMs(
  { used, limit, taken, spanMs, everyMs = null }: Consumption,
  nowMs: number,
): number | null {
  if (limit === null || used >= limit || taken <= 0 || spanMs < SHORTEST_SPAN_MS) return null;
  const perMs = taken / spanMs;
  if (everyMs !== null && perMs * everyMs <= limit) return null;
  const leftMs = (limit - used) / perMs;
  return leftMs > FURTHEST_MS ? null : Math.floor(nowMs + leftMs);
}

/** `14:20` in the time zone; with the date if it is another day: `2026-11-22 14:20`. */
export function sayMoment(atMs: number, nowMs: number, timeZone?: string): string {
  const at = wallClock(atMs, timeZone);
  return at.date === wallClock(nowMs, timeZone).date ? at.time : `${at.date} ${at.time}`;
}
