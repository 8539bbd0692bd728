import { MANUAL_EXPERIMENT } from "../../../ledger/domain/design.ts";
import { LEDGER_FILES, type LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import type { Row } from "../../../ledger/domain/row.ts";
import { isOwnSchema } from "../../../ledger/domain/schema-version.ts";
import { refuseUndo } from "../../../ledger/invariants/undo-order.ts";
import type { LedgerReader } from "../../../ledger/store/store.ts";
import type {
  ChurnFact,
  ExperimentFact,
  FinalizedFact,
  SnapshotFact,
} from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { type IngestedRow, IngestedUsage } from "../../../ledger/views/ingested-usage.ts";
import { readFact } from "../../../ledger/views/read-fact.ts";
import { unreadableFact } from "../../../ledger/views/row-anomalies.ts";
import { keyOf, nameOf, type Phase, rowKey, rowsOfWindow, rowsThatCount } from "./manual-window.ts";
import { placeOf } from "./refuse-reading.ts";
import { InvariantRefusedError, TrackerUsageError } from "./tracker-errors.ts";
import { type ManualFile, rememberedRows, type Tracker } from "./tracker.ts";

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
  readonly reason?: string | undefined;
  /** Which rows of the agent's windows; the latest of them is undone. */
  readonly window?: string | undefined;
  readonly provider?: string | undefined;
  readonly phase?: Phase | undefined;
}

/**
 * Writes a tombstone for one row, which itself stays in the ledger.
 * @throws InvariantRefusedError if a later row was made from it; TrackerUsageError if there is no such
 * row.
 */
export async function undoRow(tracker: Tracker, request: UndoRequest): Promise<UndoneRow> {
  const { view } = tracker.ledger;
  const { id, reason, ...wanted } = request;
  if (id === undefined) {
    const isAny = Object.values(wanted).every((value) => value === undefined);
    if (!isAny) return await undoFact(tracker, latestRow(tracker, wanted), reason);
    const last = lastRow(tracker, view);
    return "origin" in last
      ? await undoIngested(tracker, last, reason)
      : await undoFact(tracker, last, reason);
  }
  const exact = view.findRow(id);
  if (exact !== undefined) return await undoFact(tracker, undoable(exact, id), reason);
  const facts = rowsThatCount(view).filter((fact) => isNamedBy(fact.id, id));
  const ingested = [...new IngestedUsage(tracker.store).standing(tracker.store)].filter((row) =>
    isNamedBy(row.id, id),
  );
  const unreadable = findUnreadable(tracker.store, id);
  const count = facts.length + ingested.length + unreadable.length;
  if (count > 1) {
    throw new TrackerUsageError(
      `--id ${id}: expected the beginning of one row's id, got one of ${String(count)} rows. Nothing was written. Give more of the id.`,
    );
  }
  const [fact] = facts;
  if (fact !== undefined) return await undoFact(tracker, fact, reason);
  const [source] = ingested;
  if (source !== undefined) return await undoIngested(tracker, source, reason);
  const [found] = unreadable;
  if (found !== undefined) return await undoUnreadable(tracker, found, reason);
  throw new TrackerUsageError(
    `--id ${id}: expected the id of a row of a manual window, or of a row that can't be read, got an unknown one. ` +
      `"experiment audit --window …" and the report's anomalies show the ids.`,
  );
}

/** Its events count again when their log is read again. */
async function undoIngested(
  { store, agent }: Tracker,
  { id, origin, session, events }: IngestedRow,
  reason: string | undefined,
): Promise<UndoneRow> {
  const why = reason === undefined ? {} : { reason };
  const row = { record: "row_undone", undoes: id, experiment_id: MANUAL_EXPERIMENT, ...why };
  await store.append("usage", [{ ...row, source: "alias", agent_id: agent }]);
  const what =
    events.length === 0
      ? "the baseline"
      : `${String(events.length)} ${events.length === 1 ? "event" : "events"}`;
  return { id, what: `${what} of ${origin}, session ${session}` };
}

async function undoFact(
  tracker: Tracker,
  target: UndoableFact,
  reason: string | undefined,
): Promise<UndoneRow> {
  await tracker.ledger.write(FILES[target.kind], (now) => {
    if (!now.isAlive(target.id)) throw rowEnded(target.id);
    refuseOutOfOrder(now, target);
    const { attempt: _attempt, ...place } = rowKey(keyOf(target));
    const key = { experiment_id: MANUAL_EXPERIMENT, ...place };
    const why = reason === undefined ? {} : { reason };
    return { rows: [{ record: "row_undone", undoes: target.id, ...key, ...why }] };
  });
  return { id: target.id, what: describe(target) };
}

function describe(fact: UndoableFact): string {
  const name = nameOf(keyOf(fact));
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
function lastRow({ folder, agent, store }: Tracker, view: ExperimentView) {
  const ingested = new Map(
    [...new IngestedUsage(store).standing(store)].map((row) => [row.id, row] as const),
  );
  const [remembered] = rememberedRows(folder, agent).flatMap(
    (id): readonly (UndoableFact | IngestedRow)[] => {
      const usage = ingested.get(id);
      if (usage !== undefined) return [usage];
      const fact = view.findRow(id);
      return isUndoable(fact) && view.isAlive(fact.id) ? [fact] : [];
    },
  );
  const recorded = rowsThatCount(view)
    .filter((fact) => fact.agent_id === agent)
    .toSorted(byTime);
  const last = remembered ?? recorded.at(-1);
  if (last !== undefined) return last;
  throw new TrackerUsageError(
    `${agent}: expected a row of this agent that can be undone, got none. Name one with --id, or another agent with --agent.`,
  );
}

/** The latest row of the agent's windows with the wanted window, provider and phase. */
function latestRow(
  { agent, ledger: { view } }: Tracker,
  wanted: Omit<UndoRequest, "id" | "reason">,
): UndoableFact {
  const { window, provider, phase } = wanted;
  const isWanted = (fact: UndoableFact) =>
    keyOf(fact).agent === agent &&
    (window === undefined || fact.window === window) &&
    (provider === undefined || fact.provider === provider) &&
    (phase === undefined || (fact.kind === "snapshot" && fact.phase === phase));
  const latest = rowsThatCount(view).filter(isWanted).toSorted(byTime).at(-1);
  if (latest !== undefined) return latest;
  const what = [window, provider, phase].filter((value) => value !== undefined).join(", ");
  throw new TrackerUsageError(
    `expected a row of ${what} that can be undone, got none. "experiment preview --experiment manual" lists the windows.`,
  );
}

function byTime(left: UndoableFact, right: UndoableFact): number {
  return left.recorded_at < right.recorded_at ? -1 : 1;
}

function undoable(fact: ExperimentFact, id: string): UndoableFact {
  if (isUndoable(fact)) return fact;
  if (fact.kind === "anomaly") throw anomalyStays(id);
  throw new InvariantRefusedError(
    `--id ${id}: expected a reading, a completion or a churn, got a row of another kind, which can't be undone. ` +
      `To restore a row that a tombstone has undone, repeat the command that wrote it.`,
  );
}

function isUndoable(fact: ExperimentFact | undefined): fact is UndoableFact {
  return fact !== undefined && fact.kind in FILES;
}

function refuseOutOfOrder(view: ExperimentView, target: UndoableFact): void {
  const { before, after, final } = rowsOfWindow(view, keyOf(target));
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
    `--id ${target.id}: a later row of ${nameOf(keyOf(target))} was made from it. Undo that first: experiment undo --id ${refusal.needs}`,
  );
}

/** The row does not count any more, so it can't be undone. */
function rowEnded(id: string): InvariantRefusedError {
  return new InvariantRefusedError(
    `--id ${id}: expected a row that counts, got one that was undone or corrected before. Nothing was written.`,
  );
}

/** An anomaly is part of what happened. */
function anomalyStays(id: string): InvariantRefusedError {
  return new InvariantRefusedError(
    `--id ${id}: an anomaly never disappears. What it affects is shown as affected until that is undone or corrected. Nothing was written.`,
  );
}

/** The readers of these files ignore tombstones. */
const NEVER_UNDONE: readonly LedgerFile[] = ["backlog", "checkpoints"];
const PREFIX_CHARS_MIN = 8;

/** A row and its file. */
interface FoundRow {
  readonly file: LedgerFile;
  readonly row: Row;
}

/**
 * Writes a tombstone for a row that breaks its schema, of a manual window or of a run. No figure contains
 * such a row, so no other row was made from it.
 * @throws InvariantRefusedError if another version may understand the row, or if it was undone before.
 */
async function undoUnreadable(
  { store, agent }: Tracker,
  found: FoundRow,
  reason: string | undefined,
): Promise<{ readonly id: string; readonly what: string }> {
  const { file, row } = found;
  refuseUnknown(found);
  for (const { row: other } of allRows(store)) {
    const isCited = other["undoes"] === row.id || other.supersedes === row.id;
    if (isCited && readFact(other)?.target === row.id) throw rowEnded(row.id);
  }
  const { experiment_id, window, provider } = row;
  const said = Object.entries({ experiment_id, window, provider, reason });
  await store.append(file, [
    {
      ...Object.fromEntries(said.filter(([, value]) => typeof value === "string")),
      record: "row_undone",
      source: "alias",
      agent_id: agent,
      undoes: row.id,
    },
  ]);
  const what = `the ${row.record} in ${file}.jsonl, seq ${row.seq}, which can't be read`;
  return { id: row.id, what };
}

/** Whether a text is a row's id or the beginning of it. */
function isNamedBy(id: string, text: string): boolean {
  return id === text || (text.length >= PREFIX_CHARS_MIN && id.startsWith(text));
}

/** The unreadable rows whose id is the text or begins with it. */
function findUnreadable(ledger: LedgerReader, text: string): readonly FoundRow[] {
  return allRows(ledger)
    .filter(({ row }) => isNamedBy(row.id, text) && readFact(row) === undefined)
    .toArray();
}

function* allRows(ledger: LedgerReader): Generator<FoundRow> {
  for (const file of LEDGER_FILES) for (const row of ledger.read(file)) yield { file, row };
}

function refuseUnknown({ file, row }: FoundRow): void {
  const { action } = unreadableFact(row, file, 1);
  if (row.record === "anomaly_recorded") throw anomalyStays(row.id);
  if (!isOwnSchema(row.record, row.schema_version)) {
    throw new InvariantRefusedError(
      `--id ${row.id}: ${action} Only the version that wrote it knows what was made from it: undo it there. Nothing was written.`,
    );
  }
  if (NEVER_UNDONE.includes(file)) {
    throw new InvariantRefusedError(
      `--id ${row.id}: ${action} Rows of ${file}.jsonl can't be undone. Let the program that wrote it write it again. Nothing was written.`,
    );
  }
}
