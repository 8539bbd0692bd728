import type { LedgerFile } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import type { AnomalyFact, ExperimentFact } from "./experiment-fact.ts";

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
      '"experiment ledger verify" says where both stand.',
    window: undefined,
    provider: undefined,
  };
}
