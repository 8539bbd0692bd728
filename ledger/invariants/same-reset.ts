import type { Meter } from "../domain/meter.ts";
import { epochMsOf } from "../domain/timestamp.ts";

/** Panes round their times: stamps that differ by no more than this are the same reset. */
const SAME_RESET_MS = 3 * 60_000;
const MS_PER_MINUTE = 60_000;

/** How the resets of two readings of one meter compare. */
type ResetRelation = "same" | "moved" | "unknown";

type ResetOf = Pick<Meter, "limit_window_minutes" | "resets_at" | "as_of" | "is_idle">;

/** A meter without a window and without a reset never resets, so it is always within one period. */
export function relateResets(before: ResetOf, after: ResetOf): ResetRelation {
  const [from, to] = [before.resets_at ?? null, after.resets_at ?? null];
  if (neverResets(before) && neverResets(after)) return "same";
  if (before.is_idle === true) return isSinceIdle(before, after) ? "same" : "unknown";
  if (from !== null && after.is_idle === true) return "moved";
  if (from === null || to === null) return "unknown";
  return isWithinOnePeriod(from, to, after.as_of) ? "same" : "moved";
}

function neverResets({ limit_window_minutes: minutes, resets_at: at = null }: ResetOf): boolean {
  return minutes === null && at === null;
}

/** A meter that is read after its reset leaves out what was used since. */
function isWithinOnePeriod(from: string, to: string, readAt: string): boolean {
  const [fromMs, toMs] = [epochMsOf(from), epochMsOf(to)];
  return Math.abs(toMs - fromMs) <= SAME_RESET_MS && epochMsOf(readAt) - toMs <= SAME_RESET_MS;
}

/** Whether all that a meter shows was used since it was idle: no whole period fits in between. */
function isSinceIdle(before: ResetOf, after: ResetOf): boolean {
  const windowMs = (after.limit_window_minutes ?? 0) * MS_PER_MINUTE;
  const idleMs = epochMsOf(before.as_of);
  if (after.is_idle === true) return epochMsOf(after.as_of) - idleMs < windowMs;
  if (after.resets_at === null || after.resets_at === undefined) return false;
  const endMs = epochMsOf(after.resets_at);
  return endMs > idleMs && endMs - windowMs - idleMs < windowMs;
}
