import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import { isCapture } from "./job.ts";
import type { KnownReset } from "./known-resets.ts";
import type { Occasion, PlannedReading } from "./occasions.ts";
import type { ScheduledWindow } from "./scheduled-window.ts";

/** The use of a later day is not the window's. */
const DAY_MS = 86_400_000;

/** A decision about an occasion. */
export type Judgement =
  | { readonly kind: "run"; readonly lateMs: number }
  | { readonly kind: "wait"; readonly untilMs: number }
  | { readonly kind: "taken" }
  | { readonly kind: "missed"; readonly reason: string };

/** What the ledger and the plan say when an occasion is due. */
export interface Facts {
  readonly nowMs: number;
  /** How long a reading waits after a reset. */
  readonly bufferMs: number;
  readonly windows: readonly ScheduledWindow[];
  readonly resets: (provider: string) => readonly KnownReset[];
  readonly isTaken: (reading: PlannedReading) => boolean;
}

/** How late a reading may be if the next window begins at once. */
const GRACE_MS = 10 * 60_000;

/**
 * Judges an occasion at its time or later: a machine sleeps, and clocks are set. A late reading is still
 * right as long as it can't count the use of another window or of another period of a limit.
 */
export function judgeOccasion({ plannedMs, job, reading }: Occasion, facts: Facts): Judgement {
  const { nowMs, bufferMs } = facts;
  if (reading === undefined) return { kind: "run", lateMs: nowMs - plannedMs };
  if ((job === undefined || isCapture(job)) && facts.isTaken(reading)) return { kind: "taken" };
  const { planned, phase } = reading;
  const resetsMs = facts.resets(planned.provider).map(({ resetsAt }) => epochMsOf(resetsAt));
  const crossed = resetsMs.find((resetMs) => resetMs > plannedMs && resetMs <= nowMs);
  if (phase === "after" && crossed !== undefined) {
    return { kind: "missed", reason: "a limit was reset since the end of the window" };
  }
  const waits = resetsMs
    .filter((resetMs) => resetMs <= nowMs && nowMs < resetMs + bufferMs)
    .map((resetMs) => resetMs + bufferMs);
  if (waits.length > 0) return { kind: "wait", untilMs: Math.max(...waits) };
  const delays = resetsMs
    .filter((resetMs) => resetMs <= plannedMs && plannedMs < resetMs + bufferMs)
    .map((resetMs) => resetMs + bufferMs);
  const dueMs = Math.max(plannedMs, ...delays);
  if (nowMs >= latestMs(reading, dueMs, facts)) {
    const reason =
      phase === "before" ? "the window has ended" : "another window or another day has begun";
    return { kind: "missed", reason };
  }
  return { kind: "run", lateMs: nowMs - dueMs };
}

/** Whether a reading could still be made up for after a moment. */
export function isOpenAfter(
  reading: PlannedReading,
  momentMs: number,
  facts: Pick<Facts, "windows" | "bufferMs">,
): boolean {
  const { planned, phase } = reading;
  const plannedMs = phase === "before" ? planned.startMs : planned.endMs;
  return latestMs(reading, plannedMs + facts.bufferMs, facts) > momentMs;
}

/** Until when a reading says what it should. */
function latestMs(
  { planned, phase }: PlannedReading,
  dueMs: number,
  { windows }: Pick<Facts, "windows">,
): number {
  if (phase === "before") return Math.max(planned.endMs, dueMs + 1);
  const next = windows
    .filter(({ agent, provider }) => agent === planned.agent && provider === planned.provider)
    .map(({ startMs }) => startMs)
    .filter((startMs) => startMs >= planned.endMs);
  return Math.max(Math.min(...next, planned.endMs + DAY_MS), dueMs + GRACE_MS);
}
