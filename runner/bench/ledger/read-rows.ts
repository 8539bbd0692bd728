import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { LEDGER_FILES } from "../../../ledger/domain/ledger-file.ts";
import { systemClock } from "../../platform/environment/environment.ts";
import { keepMemoryLean } from "../../platform/environment/lean-memory.ts";

// read-rows.ts FOLDER open|verify|read|fold|query|parquet EXPERIMENT: prints what it cost, in a process of its own for its memory.
const [folder = "", what = "", experiment = ""] = process.argv.slice(2);
const TARGETS: Readonly<Record<string, string>> = {
  open: "target: at most 100 ms",
  verify: "target: at most 2 s",
  read: "no target of its own",
  query: "target: at most 600 MiB",
  parquet: "target: at most 600 MiB",
  fold: "target for 500 MB: at most 5 s and 200 MiB",
};
// As in the product, before most of the code is loaded.
keepMemoryLean();
const { openJsonlStore } = await import("../../../ledger/store/open-jsonl-store.ts");
const { verifyLedger } = await import("../../../ledger/verification/verify-ledger.ts");
const { openExperimentView } = await import("../../../ledger/views/open-view.ts");
const { queryLedger } = await import("../../../ledger/query/query-ledger.ts");
const { exportParquet } = await import("../../../ledger/export/export-parquet.ts");
const { nodeFileSystem } = await import("../../../ledger/store/node-file-system.ts");
const SQL = "SELECT provider, count(*) AS n FROM request_proxied GROUP BY 1";
const startMs = systemClock.monotonicMs();
const startCpu = process.cpuUsage();
const rows = await work();
const wallMs = systemClock.monotonicMs() - startMs;
const { user, system } = process.cpuUsage(startCpu);
const cpuMs = (user + system) / 1_000;
const rssMb = process.resourceUsage().maxRSS / 1_024;
process.stdout.write(
  `${what} ${String(rows)} rows: ${wallMs.toFixed(0)} ms, ${cpuMs.toFixed(0)} ms CPU, ${rssMb.toFixed(0)} MiB at most (${TARGETS[what] ?? ""})\n`,
);

async function work(): Promise<number> {
  if (what === "verify") {
    const { files, isDamaged } = verifyLedger(folder, { mode: "full" });
    if (isDamaged) throw new Error("The ledger of the bench is damaged.");
    return files.reduce((sum, file) => sum + file.rows, 0);
  }
  if (what === "query" || what === "parquet") return await useTables();
  const clock = systemClock;
  const store = await openJsonlStore({ folder, clock, agentId: "bench", toolVersion: "0.0.0" });
  let count = 0;
  if (what === "read") {
    for (const file of LEDGER_FILES)
      for (const row of store.read(file)) count += Math.sign(row.seq);
  }
  if (what === "fold") {
    const view = openExperimentView(store, experiment);
    if (view.unreadable.size > 0) throw new Error("Rows of the bench can't be read.");
    count = view.windows.size;
  }
  await store.close();
  return count;
}

/** As the commands do, after a verification. */
async function useTables(): Promise<number> {
  if (verifyLedger(folder, { mode: "full" }).isDamaged) throw new Error("The ledger is damaged.");
  const place = { fileSystem: nodeFileSystem, folder };
  if (what === "query") return (await queryLedger(place, { sql: SQL, rowsMax: 1_000 })).rows.length;
  const out = mkdtempSync(path.join(tmpdir(), "bench-parquet-"));
  const { files } = await exportParquet(place, out);
  rmSync(out, { recursive: true });
  return files.reduce((sum, file) => sum + (file.rows ?? 0), 0);
}
