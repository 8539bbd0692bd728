import path from "node:path";

import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import { systemClock } from "../../environment.ts";
import { CALLERS, countRows, ROW } from "./callers.ts";
import { slowerDisk } from "./slower-disk.ts";
import { UnlockedFile } from "./unlocked-file.ts";

// write-rows.ts FOLDER ADDED-MS: on each message { mode, ms } appends for so long, and says how many rows.
const [folder = "", addedMs = ""] = process.argv.slice(2);
const fileSystem = slowerDisk(Number(addedMs));
const unlocked = new UnlockedFile(path.join(folder, "unlocked.jsonl"), fileSystem);
const store = await openJsonlStore({
  folder: path.join(folder, "ledger"),
  clock: systemClock,
  agentId: "bench",
  toolVersion: "0.0.0",
  fileSystem,
});

process.on("message", ({ mode, ms }: { readonly mode: string; readonly ms: number }) => {
  const append =
    mode === "ledger" ? () => store.append("budgets", [ROW]) : () => unlocked.append(ROW);
  void countRows(ms, append).then((rows) => process.send?.(rows));
});
process.on("disconnect", () => void store.close());
process.send?.(CALLERS);
