import type { Meter } from "../../../ledger/domain/meter.ts";
import { recentResets } from "../../../ledger/invariants/late-after.ts";
import {
  type ReadingRefusal,
  refuseReading,
  type WindowReadings,
} from "../../../ledger/invariants/one-reading.ts";
import type { SnapshotFact } from "../../../ledger/views/experiment-fact.ts";
import { type ManualWindow, type ManualWindowRows, nameOf, type Phase } from "./manual-window.ts";
import { InvariantRefusedError } from "./tracker-errors.ts";

/** A reading that somebody wants to take, and when it was taken. */
export interface WantedPlace {
  readonly key: ManualWindow;
  readonly phase: Phase;
  readonly capturedAt: string;
}

export interface WantedReading extends WantedPlace {
  readonly meters: readonly Meter[];
  /** The operator accepts that a reset has just happened. */
  readonly isLate: boolean;
}

/**
 * Judges a reading by invariants 2 and 5. Returns the notes for its row.
 * @throws InvariantRefusedError that says what to do first.
 */
export function judgeReading(wanted: WantedReading, rows: ManualWindowRows): readonly string[] {
  const places = { before: placeOf(rows.before), after: placeOf(rows.after) };
  const refusal = judgePlace(wanted, places);
  if (refusal !== undefined) throw refusal;
  return judgeLateness(wanted, rows.before?.meters ?? []);
}

/**
 * Judges a reading by invariant 5 alone.
 * @param mend what to do if the first reading can't be undone with a command.
 * @returns what to do first, if it may not be taken.
 */
export function judgePlace(
  wanted: WantedPlace,
  readings: WindowReadings,
  mend?: () => string,
): InvariantRefusedError | undefined {
  const refusal = refuseReading(wanted, readings);
  if (refusal === undefined) return undefined;
  const [reason, command] = describeRefusal(wanted, refusal);
  return new InvariantRefusedError(`${nameOf(wanted.key)}: ${reason}. ${mend?.() ?? command}`);
}

/** Judges a reading that corrects another by invariant 2 alone. */
export function judgeLateness(
  { key, phase, capturedAt, meters, isLate }: WantedReading,
  before: readonly Meter[],
): readonly string[] {
  const recent = phase === "before" ? [] : recentResets([before, meters], capturedAt);
  if (recent.length === 0) return [];
  if (isLate) return ["late-after"];
  const resets = recent.map(({ meter, resetsAt }) => `${meter} at ${resetsAt}`).join(", ");
  throw new InvariantRefusedError(
    `${nameOf(key)}: expected an "after" at least 5 minutes after a reset, got one at ${capturedAt}, right after ${resets}. Take it again later, or add --late, which records an anomaly.`,
  );
}

export function placeOf(reading: SnapshotFact | undefined) {
  return reading && { id: reading.id, capturedAt: reading.captured_at };
}

/** Why the reading is refused, and what to do. */
function describeRefusal(
  { phase, capturedAt }: WantedPlace,
  refusal: ReadingRefusal,
): readonly [reason: string, command: string] {
  switch (refusal.reason) {
    case "second":
      return [
        `expected one "${phase}", got a second one; the first was taken at ${refusal.first.capturedAt}`,
        `Undo that first: experiment undo --id ${refusal.first.id}`,
      ];
    case "no-before":
      return [
        'expected a "before" ahead of the "after", got none',
        "Take it with: experiment snapshot before …, in a window that has not been worked yet.",
      ];
    case "older-than-before":
      return [
        `expected an "after" that is not older than its "before" (${refusal.before.capturedAt}), got one of ${capturedAt}`,
        `Correct --at, or undo the before: experiment undo --id ${refusal.before.id}`,
      ];
  }
}
