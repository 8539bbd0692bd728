import { refuseUndo } from "../../ledger/invariants/undo-order.ts";
import type {
  ChurnFact,
  ExperimentFact,
  FinalizedFact,
  SnapshotFact,
} from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { rememberedRows } from "./agent-state.ts";
import type { ManualFile } from "./manual-ledger.ts";
import { keyFields, nameOf, rowsOfWindow, rowsThatCount } from "./manual-window.ts";
import { placeOf } from "./refuse-reading.ts";
import { InvariantRefusedError, TrackerUsageError } from "./tracker-errors.ts";
import type { Tracker } from "./tracker.ts";
import {
  AnomalyStaysError,
  findUnreadable,
  isNamedBy,
  RowEndedError,
  undoUnreadable,
} from "./undo-unreadable.ts";

type UndoableFact = SnapshotFact | FinalizedFact | ChurnFact;

const FILES: Readonly<Record<UndoableFact["kind"], ManualFile>> = {
  snapshot: "snapshots",
  finalized: "windows",
  churn: "churn",
};

/** A row that was undone. */
export interface UndoneRow {
  readonly id: string;
  /** A description for people. */
  readonly what: string;
}

export interface UndoRequest {
  /** The whole id or its first characters; without it, the agent's last row. */
  readonly id: string | undefined;
  readonly reason: string | undefined;
}

/**
 * Writes a tombstone for one row, which itself stays in the ledger.
 * @throws InvariantRefusedError if a later row was made from it; TrackerUsageError if there is no such
 * row.
 */
export async function undoRow(tracker: Tracker, { id, reason }: UndoRequest): Promise<UndoneRow> {
  const { view } = tracker.ledger;
  if (id === undefined) return await undoFact(tracker, lastRow(tracker, view), reason);
  const exact = view.findRow(id);
  if (exact !== undefined) return await undoFact(tracker, undoable(exact, id), reason);
  const facts = rowsThatCount(view).filter((fact) => isNamedBy(fact.id, id));
  const unreadable = findUnreadable(tracker.store, id);
  const count = facts.length + unreadable.length;
  if (count > 1) {
    throw new TrackerUsageError(
      `--id ${id}: expected the beginning of one row's id, got one of ${String(count)} rows. Nothing was written. Give more of the id.`,
    );
  }
  const [fact] = facts;
  if (fact !== undefined) return await undoFact(tracker, fact, reason);
  const [found] = unreadable;
  if (found !== undefined) return await undoUnreadable(tracker, found, reason);
  throw new TrackerUsageError(
    `--id ${id}: expected the id of a row of a manual window, or of a row that can't be read, got an unknown one. ` +
      `"experiment audit --window …" and the report's anomalies show the ids.`,
  );
}

async function undoFact(
  tracker: Tracker,
  target: UndoableFact,
  reason: string | undefined,
): Promise<UndoneRow> {
  await tracker.ledger.write(FILES[target.kind], (now) => {
    if (!now.isAlive(target.id)) throw new RowEndedError(target.id);
    refuseOutOfOrder(now, target);
    const { experiment_id, window, provider } = keyFields(target, null);
    const why = reason === undefined ? {} : { reason };
    const key = { experiment_id, window, provider };
    return { rows: [{ record: "row_undone", undoes: target.id, ...key, ...why }] };
  });
  return { id: target.id, what: describe(target) };
}

function describe(fact: UndoableFact): string {
  const name = nameOf(fact);
  switch (fact.kind) {
    case "snapshot":
      return `the "${fact.phase}" of ${name}, taken at ${fact.captured_at}`;
    case "churn":
      return `the churn of ${name}`;
    case "finalized":
      return `the completion of ${name}`;
  }
}

/** The last row that the agent remembers, or else the last that the ledger has of it. */
function lastRow({ folder, agent }: Tracker, view: ExperimentView): UndoableFact {
  const remembered = rememberedRows(folder, agent)
    .map((id) => view.findRow(id))
    .find((fact): fact is UndoableFact => isUndoable(fact) && view.isAlive(fact.id));
  const recorded = rowsThatCount(view)
    .filter((fact) => fact.agent_id === agent)
    .toSorted((left, right) => (left.recorded_at < right.recorded_at ? -1 : 1));
  const last = remembered ?? recorded.at(-1);
  if (last !== undefined) return last;
  throw new TrackerUsageError(
    `${agent}: expected a row of this agent that can be undone, got none. Name one with --id, or another agent with --agent.`,
  );
}

function undoable(fact: ExperimentFact, id: string): UndoableFact {
  if (isUndoable(fact)) return fact;
  if (fact.kind === "anomaly") throw new AnomalyStaysError(id);
  throw new InvariantRefusedError(
    `--id ${id}: expected a reading, a completion or a churn, got a row of another kind, which can't be undone. ` +
      `To restore a row that a tombstone has undone, repeat the command that wrote it.`,
  );
}

function isUndoable(fact: ExperimentFact | undefined): fact is UndoableFact {
  return fact !== undefined && fact.kind in FILES;
}

function refuseOutOfOrder(view: ExperimentView, target: UndoableFact): void {
  const { before, after, final } = rowsOfWindow(view, target);
  const isReading = target.kind === "snapshot";
  const refusal = refuseUndo(
    {
      id: target.id,
      h: isReading ? target.h : undefined,
      isCorrection: isReading && target.is_correction,
    },
    {
      before: placeOf(before),
      after: placeOf(after),
      final: final && { id: final.id, cites: final.snapshots ?? [] },
    },
  );
  if (refusal === undefined) return;
  throw new InvariantRefusedError(
    `--id ${target.id}: a later row of ${nameOf(target)} was made from it. Undo that first: experiment undo --id ${refusal.needs}`,
  );
}
