import type { Meter } from "../domain/meter.ts";
import { epochMsOf } from "../domain/timestamp.ts";
import type { CapacityDelta } from "../domain/window.ts";
import { relateResets } from "./same-reset.ts";

/** Why a delta is not known. */
type DeltaFlag =
  | "negative-delta"
  | "reset-crossed"
  | "reset-unknown"
  | "meter-missing"
  | "unit-changed"
  | "duplicate-pane"
  | "stale-pane";

/**
 * Invariant 4: after − before of every meter that either reading has, if both are within one reset
 * period. The resets alone decide that, never the sign.
 */
export function capacityDeltas(
  before: readonly Meter[],
  after: readonly Meter[],
): readonly CapacityDelta[] {
  const names = new Set([...before, ...after].map(({ name }) => name));
  return [...names].map((name) =>
    deltaOf(
      before.find((meter) => meter.name === name),
      after.find((meter) => meter.name === name),
    ),
  );
}

function deltaOf(before: Meter | undefined, after: Meter | undefined): CapacityDelta {
  const { name, unit } = before ?? after ?? { name: "", unit: "percent" };
  const unknown = (flag: DeltaFlag) => ({ name, unit, delta: null, flag });
  if (before === undefined || after === undefined) return unknown("meter-missing");
  if (before.unit !== after.unit) return unknown("unit-changed");
  if (after.is_duplicate === true) return unknown("duplicate-pane");
  if (isStale(before, after)) return unknown("stale-pane");
  switch (relateResets(before, after)) {
    case "unknown":
      return unknown("reset-unknown");
    case "moved":
      return unknown("reset-crossed");
    case "same": {
      const delta = after.used - before.used;
      return delta < 0 ? unknown("negative-delta") : { name, unit, delta };
    }
  }
}

/** Whether some use may be missing from a figure, or was there before the window. */
function isStale(before: Meter, after: Meter): boolean {
  const isMarked = before.is_stale === true || after.is_stale === true;
  return isMarked || epochMsOf(after.as_of) < epochMsOf(before.as_of);
}
