import { JsonlReader } from "../jsonl-reader.ts";
import { readLedgerId } from "../ledger-header.ts";
import { openJsonlStore, type JsonlStoreOptions } from "../open-jsonl-store.ts";
import type { Damage } from "../store-errors.ts";
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

/** Reads the ledger of a simulated disk, damaged or not, and collects the damage that it meets. */
export function readOnDisk(disk: SimulatedDisk) {
  const place = { fileSystem: disk.process(), folder: FOLDER };
  const ledgerId = readLedgerId(place) ?? "";
  const damage: Damage[] = [];
  const reader = new JsonlReader({ ...place, ledgerId, onDamage: (one) => damage.push(one) });
  return { reader, damage };
}
