import { writeSync } from "node:fs";
import { argv } from "node:process";

import { openJsonlStore } from "../open-jsonl-store.ts";
import { manualClock } from "./manual-clock.ts";

// A process of its own that holds the lock of a file for a while before it writes its row: no code of it
// runs meanwhile, as in one that waits for a slow disk.

const [, , folder = "", holdMs = "0"] = argv;
const clock = manualClock();
const store = await openJsonlStore({ folder, clock, agentId: "holder", toolVersion: "0.0.0" });
await store.append("windows", [{ record: "held" }], {
  unless: () => {
    writeSync(1, "holds\n");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(holdMs));
    return undefined;
  },
});
await store.close();
