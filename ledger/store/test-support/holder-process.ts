import { existsSync, writeSync } from "node:fs";
import { argv } from "node:process";

import { openJsonlStore } from "../open-jsonl-store.ts";
import { manualClock } from "./manual-clock.ts";

// A process that holds the lock of a file until the file `release` exists, and then writes its row.
// It answers nothing meanwhile, like a process that waits for a slow disk.

const [, , folder = "", release = ""] = argv;
const pause = new Int32Array(new SharedArrayBuffer(4));
const clock = manualClock();
const store = await openJsonlStore({ folder, clock, agentId: "holder", toolVersion: "0.0.0" });
await store.append("windows", [{ record: "held" }], {
  unless: () => {
    writeSync(1, "holds\n");
    while (!existsSync(release)) Atomics.wait(pause, 0, 0, 5);
    return undefined;
  },
});
await store.close();
