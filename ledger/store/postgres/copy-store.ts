import { rmSync } from "node:fs";

import type { Clock } from "../../domain/clock.ts";
import { rowIdMaker } from "../make-row-id.ts";
import { Database } from "./database.ts";
import { Mirror } from "./mirror.ts";
import { readLedgerId } from "./postgres-store.ts";
import type { StoreAddress } from "./store-address.ts";

interface StoreCopy {
  readonly address: StoreAddress;
  /** The folder of this machine's copy. */
  readonly folder: string;
  readonly clock: Clock;
}

/**
 * Brings this machine's copy of a store up to date. A database without a ledger gets none, and has no
 * copy.
 * @throws StoreUnreachableError, SchemaVersionError
 */
export async function copyStore({ address, folder, clock }: StoreCopy): Promise<void> {
  const database = new Database(address);
  try {
    if (!(await database.hasLedger())) {
      rmSync(folder, { recursive: true, force: true });
      return;
    }
    await database.prepare(rowIdMaker(clock));
    await database.connected(async (client) => {
      const ledgerId = await readLedgerId(client);
      (await Mirror.open({ folder, ledgerId, clock }, client)).close();
    });
  } finally {
    await database.close();
  }
}
