import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { validateRow } from "../../ledger/domain/validate-row.ts";
import type { FileSystem } from "../../ledger/store/file-system.ts";
import { nodeFileSystem } from "../../ledger/store/node-file-system.ts";
import { openJsonlStore } from "../../ledger/store/open-jsonl-store.ts";
import { ExperimentFold } from "../../ledger/views/experiment-fold.ts";
import { DEFAULT_GATES } from "../../reports/looks/gate-file.ts";
import { registerExperiment } from "../experiment/session/register-experiment.ts";
import { runSession } from "../experiment/session/run-session.ts";
import { SessionRecorder } from "../experiment/session/session-recorder.ts";
import { openJournal } from "../experiment/spending/journal.ts";
import { createSessionRules } from "../plan/looks/session-rules.ts";
import { processEnvironment } from "../platform/environment/environment.ts";
import { keepSessionLean } from "../platform/environment/lean-memory.ts";
import { benchPlan } from "./bench-plan.ts";
import { idleWorker, variedWorker } from "./overhead-worker.ts";
import type { OverheadFigures, OverheadRun } from "./overhead.ts";

const KIB_PER_MIB = 1024;
const MICROSECONDS_PER_MS = 1000;
/** Units worked at once, so that their rows share a sync; an agent would be waited for meanwhile. */
const CONCURRENCY = 64;

async function run({ windows, synced, hasRules }: OverheadRun): Promise<OverheadFigures> {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-bench-"));
  const { clock, randomId } = processEnvironment();
  const startedMs = clock.monotonicMs();
  const plan = benchPlan(windows);
  const store = await openJsonlStore({
    folder,
    clock,
    agentId: "bench",
    toolVersion: "bench",
    validate: validateRow,
    fileSystem: synced ? nodeFileSystem : withoutSync(nodeFileSystem),
  });
  try {
    const view = new ExperimentFold(plan.experimentId);
    const journal = openJournal(store, (row) => view.fold(row));
    await registerExperiment(plan, { view, journal });
    const recorder = new SessionRecorder({
      experimentId: plan.experimentId,
      sessionId: "bench",
      journal,
      view,
      clock,
      basis: "uncached",
      randomId,
    });
    const budgets = { check: () => ({ mayStart: true }) as const, giveUp: () => undefined };
    const ruled = {
      worker: variedWorker(windows, journal),
      rules: createSessionRules({
        view,
        store,
        journal,
        observer: SILENT,
        gates: DEFAULT_GATES,
        conditions: [],
      }),
      concurrency: 1,
    };
    const worked = hasRules ? ruled : { worker: idleWorker, concurrency: CONCURRENCY };
    const parts = { plan, ...worked, recorder, budgets, observer: SILENT, wait: async () => {} };
    const settings = { washoutMs: 0, retryDelayMs: 0 };
    await runSession({ ...parts, ...settings }, new AbortController().signal);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
  const { user, system } = process.cpuUsage();
  return {
    windows,
    cpuMs: (user + system) / MICROSECONDS_PER_MS,
    wallMs: clock.monotonicMs() - startedMs,
    peakMiB: process.resourceUsage().maxRSS / KIB_PER_MIB,
  };
}

const pass = (): void => undefined;

const SILENT = {
  windowStarted: pass,
  phaseBegan: pass,
  settled: pass,
  windowEnded: pass,
  noted: pass,
};

/** The same disk without waiting for it: the difference is what the syncs add. */
function withoutSync(real: FileSystem): FileSystem {
  return { ...real, fdatasync: async () => {}, fdatasyncNow: () => {}, syncFolder: () => {} };
}

// A session of windows that nobody works: what is left is the harness.
keepSessionLean();
const [asked = "{}"] = process.argv.slice(2);
const request: OverheadRun = JSON.parse(asked);
process.stdout.write(JSON.stringify(await run(request)));
