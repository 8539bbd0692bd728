import { wallClock } from "../../ledger/domain/wall-clock.ts";

/** What a budget has been used at, and what is left of it, in its own unit. */
export interface Consumption {
  readonly used: number;
  readonly limit: number | null;
  /** Taken over `spanMs`. */
  readonly taken: number;
  readonly spanMs: number;
  /** Of a rolling period: what is older counts no more. */
  readonly everyMs?: number | null;
}

/** A pace that was seen for less says nothing. */
const SHORTEST_SPAN_MS = 1000;
/** Nobody plans with what is further off. */
const FURTHEST_MS = 366 * 86_400_000;

/**
 * The moment (epoch ms) at which a budget is empty if its use goes on at its pace; null where there
 * is no pace, no limit, nothing left, or where it never would be. What leaves a rolling period
 * meanwhile is not waited for: the forecast may be early, never late.
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

/** `14:20` on the clock of this place, with the date where it is not today: `2026-11-22 14:20`. */
export function sayMoment(atMs: number, nowMs: number, timeZone?: string): string {
  const at = wallClock(atMs, timeZone);
  return at.date === wallClock(nowMs, timeZone).date ? at.time : `${at.date} ${at.time}`;
}
