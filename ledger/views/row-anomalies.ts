import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import type { AnomalyFact, ExperimentFact } from "./experiment-fact.ts";
import { isSupported } from "./read-fact.ts";

/** The kind of the anomaly that a row is which can't be read. */
export const UNREADABLE_ROW = "unreadable-row";
/** So many have an anomaly of their own; the others have one together for each file. */
const NAMED_MAX = 100;

/**
 * The anomaly of the `nth` row that cannot be read. It affects the row's window if the row names
 * one, else the whole file.
 */
export function unreadableFact(row: Row, file: LedgerFile, nth: number): AnomalyFact {
  const { seq, recorded_at, h, window } = row;
  const about = { kind: "anomaly", name: UNREADABLE_ROW, seq, recorded_at } as const;
  const ofWindow = { window: undefined, provider: undefined };
  if (nth > NAMED_MAX) {
    const action = `${file}.jsonl: more rows, the last of them seq ${seq}, can't be read either. They enter no figure.`;
    return { ...about, id: `${UNREADABLE_ROW}:${file}`, touches: [file], action, ...ofWindow };
  }
  const touches = [row.id, typeof window === "string" ? window : file];
  return { ...about, id: h, touches, action: sayWhy(row, file), ...ofWindow };
}

function sayWhy(row: Row, file: LedgerFile): string {
  const why = isSupported(row)
    ? `does not keep its schema ${row.schema_version}`
    : `has schema ${row.schema_version}, which another version of counterbalance reads`;
  return `${file}.jsonl, seq ${row.seq}: ${row.record} ${why}. It enters no figure.`;
}

/** The anomaly of a row that repeats the id of an earlier row. It affects the windows of both. */
export function duplicateFact(row: Row, first: ExperimentFact, file: LedgerFile): AnomalyFact {
  const windows = [first, row].flatMap((one) =>
    "window" in one && typeof one.window === "string" ? [one.window] : [],
  );
  return {
    kind: "anomaly",
    id: row.h,
    seq: row.seq,
    recorded_at: row.recorded_at,
    name: "duplicate-id",
    // Rows of no window say something of the whole experiment.
    touches: [row.id, ...(windows.length === 0 ? [file] : windows)],
    action:
      "The row that is read first counts, the other one enters nothing; " +
      '"experiment ledger verify" says where both are.',
    window: undefined,
    provider: undefined,
  };
}
