import type { ReadingPlace } from "../../ledger/invariants/one-reading.ts";
import { refuseUndo } from "../../ledger/invariants/undo-order.ts";
import type {
  ChurnFact,
  ExperimentFact,
  FinalizedFact,
  SnapshotFact,
} from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { rememberedRows } from "./agent-state.ts";
import type { HandFile } from "./hand-ledger.ts";
import { type HandWindow, keyFields, nameOf, rowsOfWindow } from "./hand-window.ts";
import {
  AnomalyStaysError,
  InvariantRefusedError,
  RowEndedError,
  TrackerUsageError,
} from "./tracker-errors.ts";
import type { Tracker } from "./tracker.ts";
import { findUnreadable, isNamedBy, undoUnreadable } from "./undo-unreadable.ts";

type UndoableFact = SnapshotFact | FinalizedFact | ChurnFact;

const FILES: Readonly<Record<UndoableFact["kind"], HandFile>> = {
  snapshot: "snapshots",
  finalized: "windows",
  churn: "churn",
};

/** What was undone. */
export interface UndoneRow {
  readonly id: string;
  /** What it was, in words. */
  readonly what: string;
}

export interface UndoRequest {
  /** The whole id or its first characters; the agent's last row where it is absent. */
  readonly id: string | undefined;
  readonly reason: string | undefined;
}

/**
 * Writes a tombstone for one row; the row itself stays as it is.
 * @throws InvariantRefusedError where a later row was made from it; TrackerUsageError where there is
 * no such row.
 */
export async function undoRow(tracker: Tracker, { id, reason }: UndoRequest): Promise<UndoneRow> {
  const { view } = tracker.ledger;
  if (id === undefined) return await undoFact(tracker, lastRow(tracker, view), reason);
  const exact = view.findRow(id);
  if (exact !== undefined) return await undoFact(tracker, undoable(exact, id), reason);
  const facts = countingRows(view).filter((fact) => isNamedBy(fact.id, id));
  const unreadable = findUnreadable(tracker.store, id);
  const count = facts.length + unreadable.length;
  if (count > 1) {
    throw new TrackerUsageError(
      `--id ${id}: expected what only one row's id begins with, got what ${String(count)} begin with. Nothing was written. Give more of the id.`,
    );
  }
  const [fact] = facts;
  if (fact !== undefined) return await undoFact(tracker, fact, reason);
  const [found] = unreadable;
  if (found !== undefined) return await undoUnreadable(tracker, found, reason);
  throw new TrackerUsageError(
    `--id ${id}: expected the id of a row of a window worked by hand, or of one that can't be read, got none that is ` +
      `known. "experiment audit --window …" and the report's anomalies show the ids.`,
  );
}

async function undoFact(
  tracker: Tracker,
  target: UndoableFact,
  reason: string | undefined,
): Promise<UndoneRow> {
  await tracker.ledger.write(FILES[target.kind], (now) => {
    refuseDead(now, target);
    refuseOutOfOrder(now, target);
    const { experiment_id, window, provider } = keyFields(target, null);
    return {
      rows: [
        {
          record: "row_undone",
          source: "alias",
          agent_id: tracker.agent,
          undoes: target.id,
          experiment_id,
          window,
          provider,
          ...(reason === undefined ? {} : { reason }),
        },
      ],
    };
  });
  return { id: target.id, what: describe(target) };
}

function describe(fact: UndoableFact): string {
  const name = nameOf(fact);
  if (fact.kind === "snapshot")
    return `the "${fact.phase}" of ${name}, taken at ${fact.captured_at}`;
  return fact.kind === "churn" ? `the churn of ${name}` : `the completion of ${name}`;
}

/** As the agent remembers, else the row of the agent that was recorded last. */
function lastRow({ folder, agent }: Tracker, view: ExperimentView): UndoableFact {
  const remembered = rememberedRows(folder, agent)
    .map((id) => view.findRow(id))
    .find((fact): fact is UndoableFact => isUndoable(fact) && view.isAlive(fact.id));
  const last = remembered ?? lastRecorded(view, agent);
  if (last !== undefined) return last;
  throw new TrackerUsageError(
    `${agent}: expected a row of this agent that can be undone, got none. Name one with --id, or another agent with --agent.`,
  );
}

function lastRecorded(view: ExperimentView, agent: string): UndoableFact | undefined {
  return countingRows(view)
    .filter((fact) => fact.agent_id === agent)
    .toSorted((left, right) => (left.recorded_at < right.recorded_at ? -1 : 1))
    .at(-1);
}

function undoable(fact: ExperimentFact, id: string): UndoableFact {
  if (isUndoable(fact)) return fact;
  if (fact.kind === "anomaly") throw new AnomalyStaysError(id);
  throw new InvariantRefusedError(
    `--id ${id}: expected a reading, a completion or a churn, got a row of another kind, which can't be undone. ` +
      `What a tombstone has undone is written anew by the command that wrote it.`,
  );
}

function countingRows(view: ExperimentView): readonly UndoableFact[] {
  const finals = [...view.windows.values()]
    .flatMap(({ attempts }) => [...attempts.values()])
    .flatMap(({ finalized }) => finalized);
  return [...view.snapshots.values(), ...view.churns.values(), ...finals];
}

function isUndoable(fact: ExperimentFact | undefined): fact is UndoableFact {
  return fact !== undefined && fact.kind in FILES;
}

function refuseDead(view: ExperimentView, { id }: UndoableFact): void {
  if (!view.isAlive(id)) throw new RowEndedError(id);
}

function placeOf(row: SnapshotFact | undefined): ReadingPlace | undefined {
  return row === undefined ? undefined : { id: row.id, capturedAt: row.captured_at };
}

function refuseOutOfOrder(view: ExperimentView, target: UndoableFact & HandWindow): void {
  const { before, after, final } = rowsOfWindow(view, target);
  const rows = {
    before: placeOf(before),
    after: placeOf(after),
    final: final === undefined ? undefined : { id: final.id, cites: final.snapshots ?? [] },
  };
  const isReading = target.kind === "snapshot";
  const row = {
    id: target.id,
    h: isReading ? target.h : undefined,
    isCorrection: isReading && target.is_correction,
  };
  const refusal = refuseUndo(row, rows);
  if (refusal === undefined) return;
  throw new InvariantRefusedError(
    `--id ${target.id}: a later row of ${nameOf(target)} was made from it. Undo that first: experiment undo --id ${refusal.needs}`,
  );
}
