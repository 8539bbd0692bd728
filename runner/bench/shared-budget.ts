import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { execa } from "execa";

import { typeSevenQuantile } from "../../reports/statistics/core/quantile.ts";
import { benchSize } from "./bench-size.ts";

const WORKER = path.join(import.meta.dirname, "shared-budget-worker.ts");
const REQUESTS = benchSize({ full: 1000, short: 20 });

/** What the counter that several processes share adds to a request, with one process and with four. */
export async function* benchSharedBudget(): AsyncIterable<string> {
  for (const processes of [1, 4]) {
    const state = mkdtempSync(path.join(tmpdir(), "counterbalance-shared-"));
    const names = Array.from({ length: processes }, (_, index) => String(index));
    const workers = await Promise.all(
      names.map((name) => execa(process.execPath, [WORKER, state, name, String(REQUESTS)])),
    );
    rmSync(state, { recursive: true });
    const ms = workers.flatMap(({ stdout }): number[] => JSON.parse(stdout));
    const [p50, p95] = [0.5, 0.95].map((share) => typeSevenQuantile(ms, share)?.toFixed(3));
    yield `${String(processes)} processes: a request takes ${p50} ms longer at p50, ${p95} ms at p95`;
  }
  yield "target: at most 1 ms at p50";
}
