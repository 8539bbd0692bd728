import { LEDGER_FILES, type LedgerFile } from "../../ledger/domain/ledger-file.ts";
import type { Row } from "../../ledger/domain/row.ts";
import type { LedgerReader } from "../../ledger/store/store.ts";
import { readFact } from "../../ledger/views/read-fact.ts";
import { unreadableFact } from "../../ledger/views/unreadable-fact.ts";
import { AnomalyStaysError, InvariantRefusedError, RowEndedError } from "./tracker-errors.ts";
import type { Tracker } from "./tracker.ts";

/** Of every row that this version writes. */
const OWN_SCHEMA = "1.0";
/** Those who read these heed no tombstone. */
const NEVER_UNDONE: readonly LedgerFile[] = ["backlog", "checkpoints"];
const PREFIX_CHARS_MIN = 8;

/** A row, and the file that it stands in. */
export interface FoundRow {
  readonly file: LedgerFile;
  readonly row: Row;
}

/**
 * Writes a tombstone for a row that does not keep its schema, of a window by hand or of a run: it is in no figure, so
 * that nothing was made from it.
 * @throws InvariantRefusedError where the row may mean something to another version, or was undone before.
 */
export async function undoUnreadable(
  { store, agent }: Tracker,
  found: FoundRow,
  reason: string | undefined,
): Promise<{ readonly id: string; readonly what: string }> {
  const { file, row } = found;
  refuseUnknown(found);
  for (const { row: other } of rowsWith(store, row.id)) {
    if (readFact(other)?.target === row.id) throw new RowEndedError(row.id);
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

/** Whether a row has the id that was told, or is meant by its first characters. */
export function isNamedBy(id: string, told: string): boolean {
  return id === told || (told.length >= PREFIX_CHARS_MIN && id.startsWith(told));
}

/** The rows that are named so and can't be read. */
export function findUnreadable(ledger: LedgerReader, told: string): readonly FoundRow[] {
  return [...rowsWith(ledger, told)].filter(
    ({ row }) => isNamedBy(row.id, told) && readFact(row) === undefined,
  );
}

/** The rows whose line has a text in it; the others are not parsed. */
function* rowsWith(ledger: LedgerReader, text: string): Iterable<FoundRow> {
  // A line is handed over as JSON, each of its bytes as one character.
  const bytes = Buffer.from(JSON.stringify(text).slice(1, -1)).toString("latin1");
  for (const file of LEDGER_FILES) {
    for (const row of ledger.read(file, (line) => !line.includes(bytes))) yield { file, row };
  }
}

function refuseUnknown({ file, row }: FoundRow): void {
  const { action } = unreadableFact(row, file, 1);
  if (row.record === "anomaly_recorded") throw new AnomalyStaysError(row.id);
  if (row.schema_version !== OWN_SCHEMA) {
    throw new InvariantRefusedError(
      `--id ${row.id}: ${action} What was made from it only the version that wrote it can know: undo it there. Nothing was written.`,
    );
  }
  if (NEVER_UNDONE.includes(file)) {
    throw new InvariantRefusedError(
      `--id ${row.id}: ${action} Rows of ${file}.jsonl can't be undone. Ask the program that wrote it to write it anew. Nothing was written.`,
    );
  }
}
