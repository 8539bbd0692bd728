import { LEDGER_FILES } from "../../../ledger/domain/ledger-file.ts";
import { systemClock } from "../../environment.ts";
import { keepMemoryLean } from "../../lean-memory.ts";

// read-rows.ts FOLDER open|verify|read|fold EXPERIMENT: prints what it cost, in a process of its own for its memory.
const [folder = "", what = "", experiment = ""] = process.argv.slice(2);
const TARGETS: Readonly<Record<string, string>> = {
  open: "target: at most 100 ms",
  verify: "target: at most 2 s",
  read: "no target of its own",
  fold: "target for 500 MB: at most 5 s and 200 MiB",
};
// As in the product, before most of the code is loaded.
keepMemoryLean();
const { openJsonlStore } = await import("../../../ledger/store/open-jsonl-store.ts");
const { verifyLedger } = await import("../../../ledger/verification/verify-ledger.ts");
const { openExperimentView } = await import("../../../ledger/views/open-view.ts");
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
