import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import type { NewRow } from "../../ledger/domain/row.ts";
import { openJsonlStore } from "../../ledger/store/open-jsonl-store.ts";
import { systemClock } from "../../runner/environment.ts";
import { toolVersion } from "../../runner/package-folder.ts";
import type { ExperimentWorld } from "./world.ts";

/** Adds a row to the scenario's ledger, as a later command of an operator would. */
export async function addRow(world: ExperimentWorld, file: LedgerFile, row: NewRow): Promise<void> {
  const store = await openJsonlStore({
    folder: world.file(".experiment/ledger"),
    clock: systemClock,
    agentId: "spec",
    toolVersion: toolVersion(),
  });
  try {
    await store.append(file, [row]);
  } finally {
    await store.close();
  }
}
