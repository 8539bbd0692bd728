import type { LedgerFile } from "../domain/ledger-file.ts";
import type { NewRow } from "../domain/row.ts";

/** What to record if the clock is behind the last row of a file; undefined if it is not. */
export function clockAnomaly(
  file: LedgerFile,
  last: { readonly seq: number; readonly recordedAt: string },
  now: string,
): NewRow | undefined {
  if (now >= last.recordedAt) return undefined;
  return {
    record: "anomaly_recorded",
    kind: "clock-went-back",
    touches: [`${file}.jsonl`],
    observed: { seq: last.seq, recorded_at: last.recordedAt, now },
    action: "The rows are stamped with the clock's time and keep the order of their seq.",
  };
}
