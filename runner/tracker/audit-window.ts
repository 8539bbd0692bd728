import { isDeepStrictEqual } from "node:util";

import { isValidOutcome } from "../../ledger/domain/outcome.ts";
import type { CapacityDelta } from "../../ledger/domain/window.ts";
import { capacityDeltas } from "../../ledger/invariants/capacity-delta.ts";
import { missingFields } from "../../ledger/invariants/completeness.ts";
import type { AnomalyFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { type HandWindow, type HandWindowRows, rowsOfWindow } from "./hand-window.ts";

/** An anomaly on record, and whether all that it touches still counts. */
interface AuditedAnomaly extends AnomalyFact {
  readonly is_past: boolean;
}

/** What a window has and what it lacks to count. */
export interface WindowAudit {
  readonly key: HandWindow;
  readonly rows: HandWindowRows;
  readonly capacity: readonly CapacityDelta[];
  /** Recorded for this window; also those whose rows were undone or corrected since. */
  readonly anomalies: readonly AuditedAnomaly[];
  /** What has to be done for the window to count; empty where it counts. */
  readonly missing: readonly string[];
}

/** The provider windows that go by this id; none where no row names it. */
export function handWindows(view: ExperimentView, window: string): readonly HandWindow[] {
  const finals = [...view.windows.values()]
    .flatMap(({ attempts }) => [...attempts.values()])
    .flatMap(({ finalized }) => finalized);
  const all = [...view.snapshots.values(), ...view.churns.values(), ...finals];
  const keys = new Map(
    all
      .filter((row) => row.window === window)
      .map(({ attempt, provider }) => [
        JSON.stringify([provider, attempt]),
        { window, attempt, provider },
      ]),
  );
  return [...keys].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, key]) => key);
}

/** Says what is missing for a window worked by hand to count. */
export function auditWindow(view: ExperimentView, key: HandWindow): WindowAudit {
  const rows = rowsOfWindow(view, key);
  const { before, after } = rows;
  const isPair = before !== undefined && after !== undefined;
  const capacity = isPair ? capacityDeltas(before.meters, after.meters) : [];
  return {
    key,
    rows,
    capacity,
    anomalies: [...view.anomalies.values()]
      .filter(({ window, provider }) => window === key.window && provider === key.provider)
      .map((one) => ({ ...one, is_past: !one.touches.every((id) => view.isAlive(id)) })),
    missing: [...missingReadings(rows), ...missingCompletion(rows, capacity)],
  };
}

function missingReadings({ before, after }: HandWindowRows): readonly string[] {
  return [
    ...(before === undefined ? ["no before: experiment snapshot before"] : []),
    ...(after === undefined ? ["no after: experiment snapshot after"] : []),
  ];
}

function missingCompletion(
  { final }: HandWindowRows,
  capacity: readonly CapacityDelta[],
): readonly string[] {
  if (final === undefined) return ["not completed: experiment complete"];
  return [
    ...(isDeepStrictEqual(final.capacity, capacity)
      ? []
      : ["completed before its readings were as they are: experiment complete again"]),
    ...missingFields(final).map((field) => `no ${field}: experiment complete again with it`),
    ...(isValidOutcome(final.outcome)
      ? []
      : [`outcome ${final.outcome}: such a window is missing`]),
    ...(final.quality === null ? ["no quality: experiment complete again with --quality"] : []),
  ];
}
