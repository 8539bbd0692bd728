import type { Row } from "../domain/row.ts";
import { checkpointRow } from "../store/checkpoints.ts";
import type { LedgerStore } from "../store/store.ts";

/**
 * Makes all rows durable and records where every file ends. The row, kept outside the ledger as a
 * line of JSON, is the anchor that reveals a later cut or rewrite.
 */
export async function makeCheckpoint(store: LedgerStore): Promise<Row> {
  const heads = await store.heads();
  const [row] = await store.append("checkpoints", [checkpointRow(store.ledgerId, heads)]);
  if (row === undefined) throw new Error("The store took a checkpoint and returned no row.");
  return row;
}
