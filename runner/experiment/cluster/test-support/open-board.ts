import { Database } from "../../../../ledger/store/postgres/database.ts";
import { SeenHeads } from "../../../../ledger/store/postgres/seen-heads.ts";
import { readStoreAddress } from "../../../../ledger/store/postgres/store-address.ts";
import { openPostgresSwitchboard } from "../open-switchboard.ts";

const LEDGER = {
  agentId: "harness",
  toolVersion: "0.0.0",
  segmentBytesMax: 1e9,
  makeId: () => crypto.randomUUID(),
};

/** A switchboard of a database. `close` ends its connections too. */
export async function openBoard(url: string, { isOwner }: { readonly isOwner: boolean }) {
  const database = new Database(readStoreAddress(url, "test"));
  if (isOwner) await database.prepare(() => "ledger");
  const ledger = { ...LEDGER, seen: new SeenHeads() };
  const board = await openPostgresSwitchboard({ ledger, database, isOwner });
  const close = async (): Promise<void> => {
    await board.close();
    await database.close();
  };
  return { board, close };
}
