import { LEDGER_FILES, type LedgerFile } from "../../ledger/domain/ledger-file.ts";
import type { Row } from "../../ledger/domain/row.ts";
import { isOwnSchema } from "../../ledger/domain/schema-version.ts";
import type { LedgerReader } from "../../ledger/store/store.ts";
import { readFact } from "../../ledger/views/read-fact.ts";
import { unreadableFact } from "../../ledger/views/unreadable-fact.ts";
import { InvariantRefusedError } from "./tracker-errors.ts";
import type { Tracker } from "./tracker.ts";

/** The row does not count any more, so it can't be undone. */
export class RowEndedError extends InvariantRefusedError {
  constructor(id: string) {
    super(
      `--id ${id}: expected a row that counts, got one that was undone or corrected before. Nothing was written.`,
    );
  }
}

/** An anomaly is part of what happened. */
export class AnomalyStaysError extends InvariantRefusedError {
  constructor(id: string) {
    super(
      `--id ${id}: an anomaly never disappears. What it affects is shown as affected until that is undone or corrected. Nothing was written.`,
    );
  }
}

/** The readers of these files ignore tombstones. */
const NEVER_UNDONE: readonly LedgerFile[] = ["backlog", "checkpoints"];
const PREFIX_CHARS_MIN = 8;

/** A row and its file. */
export interface FoundRow {
  readonly file: LedgerFile;
  readonly row: Row;
}

/**
 * Writes a tombstone for a row that breaks its schema, of a manual window or of a run. No figure contains
 * such a row, so no other row was made from it.
 * @throws InvariantRefusedError if another version may understand the row, or if it was undone before.
 */
export async function undoUnreadable(
  { store, agent }: Tracker,
  found: FoundRow,
  reason: string | undefined,
): Promise<{ readonly id: string; readonly what: string }> {
  const { file, row } = found;
  refuseUnknown(found);
  for (const { row: other } of allRows(store)) {
    const isCited = other["undoes"] === row.id || other.supersedes === row.id;
    if (isCited && readFact(other)?.target === row.id) throw new RowEndedError(row.id);
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
export function isNamedBy(id: string, text: string): boolean {
  return id === text || (text.length >= PREFIX_CHARS_MIN && id.startsWith(text));
}

/** The unreadable rows whose id is the text or begins with it. */
export function findUnreadable(ledger: LedgerReader, text: string): readonly FoundRow[] {
  const found: FoundRow[] = [];
  for (const one of allRows(ledger)) {
    if (isNamedBy(one.row.id, text) && readFact(one.row) === undefined) found.push(one);
  }
  return found;
}

function* allRows(ledger: LedgerReader): Iterable<FoundRow> {
  for (const file of LEDGER_FILES) for (const row of ledger.read(file)) yield { file, row };
}

function refuseUnknown({ file, row }: FoundRow): void {
  const { action } = unreadableFact(row, file, 1);
  if (row.record === "anomaly_recorded") throw new AnomalyStaysError(row.id);
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
