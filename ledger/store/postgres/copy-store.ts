import type { Clock } from "../../domain/clock.ts";
import { rowIdMaker } from "../make-row-id.ts";
import { withDatabase } from "./database.ts";
import { lostLedger, Mirror } from "./mirror.ts";
import { readLedgerId } from "./postgres-store.ts";
import { SeenHeads } from "./seen-heads.ts";
import type { StoreAddress } from "./store-address.ts";

interface StoreCopy {
  readonly address: StoreAddress;
  /** The folder of this machine's copy. */
  readonly folder: string;
  readonly clock: Clock;
}

/**
 * Brings this machine's copy of a store up to date. A database without a ledger has no copy, and gets none.
 * @throws StoreFailedError, SchemaVersionError, StoreDamagedError
 */
export async function copyStore(copy: StoreCopy): Promise<void> {
  await withDatabase(copy.address, async (database) => {
    if (!(await database.hasLedger())) {
      const loss = lostLedger(copy);
      if (loss !== undefined) throw loss;
      return;
    }
    await database.prepare(rowIdMaker(copy.clock));
    await database.connected(async (client) => {
      const ledgerId = await readLedgerId(client);
      (await Mirror.open({ ...copy, ledgerId, seen: new SeenHeads() }, client)).close();
    });
  });
}
