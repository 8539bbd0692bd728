import { openJsonlStore, type JsonlStoreOptions } from "../open-jsonl-store.ts";
import type { LedgerStore } from "../store.ts";
import { FOLDER } from "./golden-ledger.ts";
import { manualClock } from "./manual-clock.ts";
import type { SimulatedDisk } from "./simulated-disk.ts";

/** Opens the ledger of a simulated disk in a process of its own. */
export function openOnDisk(
  disk: SimulatedDisk,
  options: Partial<JsonlStoreOptions> = {},
): Promise<LedgerStore> {
  return openJsonlStore({
    folder: FOLDER,
    clock: manualClock(1_800_000_000_000),
    agentId: "agent",
    toolVersion: "0.2.0",
    fileSystem: disk.process(),
    ...options,
  });
}
