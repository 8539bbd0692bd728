import type { Meter } from "../../ledger/domain/meter.ts";
import { recentResets, type RecentReset } from "../../ledger/invariants/late-after.ts";
import {
  type ReadingRefusal,
  refuseReading,
  type WindowReadings,
} from "../../ledger/invariants/one-reading.ts";
import { type HandWindow, type HandWindowRows, nameOf } from "./hand-window.ts";
import { InvariantRefusedError } from "./tracker-errors.ts";

/** A reading that somebody wants to take. */
export interface WantedReading {
  readonly key: HandWindow;
  readonly phase: "before" | "after";
  readonly capturedAt: string;
  readonly meters: readonly Meter[];
  /** The operator accepts that a reset has just happened. */
  readonly isLate: boolean;
}

/** Which reading it is, and when it was taken. */
export type WantedPlace = Pick<WantedReading, "key" | "phase" | "capturedAt">;

/**
 * Judges a reading by invariants 2 and 5.
 * @returns the resets that make it late, which its operator accepted.
 * @throws InvariantRefusedError saying what has to be done first.
 */
export function judgeReading(wanted: WantedReading, rows: HandWindowRows): readonly RecentReset[] {
  judgePlace(wanted, { before: placeOf(rows.before), after: placeOf(rows.after) });
  return judgeLateness(wanted, rows.before?.meters ?? []);
}

/**
 * Invariant 5 alone.
 * @param mend what to do where the first reading can't be undone by hand.
 * @throws InvariantRefusedError saying what has to be done first.
 */
export function judgePlace(wanted: WantedPlace, readings: WindowReadings, mend?: string): void {
  const refusal = refuseReading(wanted, readings);
  if (refusal !== undefined) throw new InvariantRefusedError(sayRefusal(wanted, refusal, mend));
}

/** Invariant 2 alone, for a reading that corrects another. */
export function judgeLateness(
  { key, phase, capturedAt, meters, isLate }: WantedReading,
  before: readonly Meter[],
): readonly RecentReset[] {
  if (phase === "before") return [];
  const recent = recentResets([before, meters], capturedAt);
  if (recent.length === 0 || isLate) return recent;
  const resets = recent.map(({ meter, resetsAt }) => `${meter} at ${resetsAt}`).join(", ");
  throw new InvariantRefusedError(
    `${nameOf(key)}: expected an "after" at least 5 minutes after a reset, got one at ${capturedAt}, right after ${resets}. Take it again later, or add --late, which records an anomaly.`,
  );
}

function placeOf(row: HandWindowRows["before"]) {
  return row === undefined ? undefined : { id: row.id, capturedAt: row.captured_at };
}

function sayRefusal(wanted: WantedPlace, refusal: ReadingRefusal, mend?: string): string {
  return `${nameOf(wanted.key)}: ${sayReason(wanted, refusal)}. ${mend ?? mendByHand(refusal)}`;
}

function sayReason({ phase, capturedAt }: WantedPlace, refusal: ReadingRefusal): string {
  switch (refusal.reason) {
    case "second":
      return `expected one "${phase}", got a second one; the first was taken at ${refusal.first.capturedAt}`;
    case "no-before":
      return 'expected a "before" ahead of the "after", got none';
    case "older-than-before":
      return `expected an "after" that is not older than its "before" (${refusal.before.capturedAt}), got one of ${capturedAt}`;
  }
}

function mendByHand(refusal: ReadingRefusal): string {
  switch (refusal.reason) {
    case "second":
      return `Undo that first: experiment undo --id ${refusal.first.id}`;
    case "no-before":
      return "Take it with: experiment snapshot before …, in a window that has not been worked yet.";
    case "older-than-before":
      return `Correct --at, or undo the before: experiment undo --id ${refusal.before.id}`;
  }
}
