import type { Row } from "../domain/row.ts";
import { checkpointRow } from "../store/checkpoint-row.ts";
import type { LedgerStore } from "../store/store.ts";

/**
 * Writes down where every file ends, after making all of it durable. The row, as a line of JSON kept
 * outside the ledger, is the anchor that finds a later cut or rewrite.
 */
export async function makeCheckpoint(store: LedgerStore): Promise<Row> {
  const heads = await store.heads();
  const [row] = await store.append("checkpoints", [checkpointRow(store.ledgerId, heads)]);
  if (row === undefined) throw new Error("The store took a checkpoint and returned no row.");
  return row;
}
