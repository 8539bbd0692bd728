import { isDeepStrictEqual } from "node:util";

import { z } from "zod";

import { isValidOutcome } from "../../ledger/domain/outcome.ts";
import type { CapacityDelta } from "../../ledger/domain/window.ts";
import { capacityDeltas } from "../../ledger/invariants/capacity-delta.ts";
import { missingFields } from "../../ledger/invariants/completeness.ts";
import {
  type FinalizedFact,
  latestOf,
  type SnapshotFact,
} from "../../ledger/views/experiment-fact.ts";

/** What keeps a final window from counting. */
export const WindowLack = z.enum([
  "no_before",
  "no_after",
  "readings_changed",
  "commit_start",
  "commit_end",
  "methodology",
  "outcome",
  "no_quality",
  "no_cost",
  "no_subagent",
]);
export type WindowLack = z.infer<typeof WindowLack>;

/** The readings of one attempt at a manual window, each phase's last. */
export interface ManualReadings {
  readonly before: SnapshotFact | undefined;
  readonly after: SnapshotFact | undefined;
}

/** A capture without a readable meter is not a reading. */
export function readingsOf(snapshots: readonly SnapshotFact[]): ManualReadings {
  const readings = snapshots.filter(({ meters }) => meters.length > 0);
  return {
    before: latestOf(readings.filter(({ phase }) => phase === "before")),
    after: latestOf(readings.filter(({ phase }) => phase === "after")),
  };
}

/** What an attempt took of its meters; none without both readings. */
export function capacityOf({ before, after }: ManualReadings): readonly CapacityDelta[] {
  return before && after ? capacityDeltas(before.meters, after.meters) : [];
}

/**
 * What a completed manual window lacks to count, in a word each; none if it counts. `complete`, `audit`,
 * `preview` and the gates all ask here.
 */
export function manualLacks(final: FinalizedFact, readings: ManualReadings) {
  const hasCapacity = isDeepStrictEqual(final.capacity, capacityOf(readings));
  return [
    ...lackIf(readings.before === undefined, "no_before"),
    ...lackIf(readings.after === undefined, "no_after"),
    ...lackIf(!hasCapacity, "readings_changed"),
    ...commonLacks(final),
  ];
}

/** What a final window of `run` lacks to count. Its cost matters only if it has ended well and is complete. */
export function drivenLacks(
  final: FinalizedFact,
  costLack: "no_cost" | "no_subagent" | null,
): readonly WindowLack[] {
  const lacks = commonLacks(final);
  const hasEnded = isValidOutcome(final.outcome) && final.is_complete;
  return hasEnded && costLack !== null ? [costLack, ...lacks] : lacks;
}

function commonLacks(final: FinalizedFact) {
  return [
    ...missingFields(final),
    ...lackIf(!isValidOutcome(final.outcome), "outcome"),
    ...lackIf(final.quality === null, "no_quality"),
  ];
}

function lackIf<Lack extends string>(isLacking: boolean, lack: Lack): readonly Lack[] {
  return isLacking ? [lack] : [];
}
