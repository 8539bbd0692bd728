import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { runAccuracy } from "../gateway/proxy/test-support/run-accuracy.ts";
import { benchSize } from "./bench-size.ts";

const REQUESTS = benchSize({ full: 10_000, short: 200, variable: "BENCH_REQUESTS" });
const CONNECTIONS = 32;

/** Scripted requests over all protocols, faults among them: the ledger's tokens against those dealt. */
export async function benchAccuracy(): Promise<readonly string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-accuracy-"));
  try {
    const figures = await runAccuracy({ requests: REQUESTS, connections: CONNECTIONS, folder });
    const faults = [...figures.faults].map(([fault, count]) => `${fault} ${String(count)}`);
    return [
      `${String(figures.rows)} rows of ${String(REQUESTS)} requests: ${faults.join(", ")}`,
      `tokens dealt ${String(figures.dealt)}, in the ledger ${String(figures.recorded)}; rows that differ: ${String(figures.wrong.length)}`,
      ...figures.wrong.slice(0, 10),
      "target: equal, to the token",
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
