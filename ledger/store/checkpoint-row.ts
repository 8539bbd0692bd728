import type { NewRow } from "../domain/row.ts";
import type { Head } from "./store.ts";

/**
 * Leaves out checkpoints.jsonl, which holds the row itself: its chain binds each checkpoint to
 * those before it.
 */
export function checkpointRow(ledgerId: string, heads: readonly Head[]): NewRow {
  const others = heads.filter(({ file }) => file !== "checkpoints");
  return { record: "checkpoint_made", ledger_id: ledgerId, heads: others };
}
