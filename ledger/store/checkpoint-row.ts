import type { NewRow } from "../domain/row.ts";
import type { Head } from "./store.ts";

/** The row itself stands in checkpoints.jsonl, whose chain binds it to the checkpoints before it. */
export function checkpointRow(ledgerId: string, heads: readonly Head[]): NewRow {
  const others = heads.filter(({ file }) => file !== "checkpoints");
  return { record: "checkpoint_made", ledger_id: ledgerId, heads: others };
}
