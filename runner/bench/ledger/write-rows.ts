import path from "node:path";

import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import { systemClock } from "../../platform/environment/environment.ts";
import { CALLERS, countRows, ROW } from "./callers.ts";
import { slowerDisk } from "./slower-disk.ts";
import { UnlockedFile } from "./unlocked-file.ts";
import type { WriteMode } from "./write-mode.ts";

// write-rows.ts FOLDER NUMBER ADDED-MS: on each message { mode, ms } appends for so long, and says how many rows.
const [folder = "", number = "", addedMs = ""] = process.argv.slice(2);
const fileSystem = slowerDisk(Number(addedMs));
const unlocked = new UnlockedFile(path.join(folder, "unlocked.jsonl"), fileSystem);
const own = await openLedger(`ledger-${number}`);
const shared = await openLedger("ledger");
const APPEND: Readonly<Record<WriteMode, () => Promise<unknown>>> = {
  unlocked: () => unlocked.append(ROW),
  own: () => own.append("budgets", [ROW]),
  shared: () => shared.append("budgets", [ROW]),
};

process.on("message", ({ mode, ms }: { readonly mode: WriteMode; readonly ms: number }) => {
  void countRows(ms, APPEND[mode]).then((rows) => process.send?.(rows));
});
process.on("disconnect", () => void Promise.all([own.close(), shared.close()]));
process.send?.(CALLERS);

function openLedger(name: string) {
  return openJsonlStore({
    folder: path.join(folder, name),
    clock: systemClock,
    agentId: "bench",
    toolVersion: "0.0.0",
    fileSystem,
  });
}
