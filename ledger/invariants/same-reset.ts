import type { Meter } from "../domain/meter.ts";
import { epochMsOf } from "../domain/timestamp.ts";

/** Panes round and jitter: stamps that differ by no more than this name the same reset. */
const SAME_RESET_MS = 3 * 60_000;

/** How the resets of two readings of one meter stand to each other. */
type ResetRelation = "same" | "moved" | "unknown";

type ResetOf = Pick<Meter, "limit_window_minutes" | "resets_at">;

/** A meter that never resets is always within one period. */
export function relateResets(before: ResetOf, after: ResetOf): ResetRelation {
  if (before.limit_window_minutes === null && after.limit_window_minutes === null) return "same";
  const [from, to] = [before.resets_at ?? null, after.resets_at ?? null];
  if (from === null || to === null) return "unknown";
  return Math.abs(epochMsOf(to) - epochMsOf(from)) <= SAME_RESET_MS ? "same" : "moved";
}
