import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { validateRow } from "../../ledger/domain/validate-row.ts";
import type { FileSystem } from "../../ledger/store/file-system.ts";
import { nodeFileSystem } from "../../ledger/store/node-file-system.ts";
import { openJsonlStore } from "../../ledger/store/open-jsonl-store.ts";
import { emptyExperimentView } from "../../ledger/views/experiment-view.ts";
import type { Plan, PlannedUnit } from "../assignment/plan.ts";
import { processEnvironment } from "../environment.ts";
import { keepMemoryLean } from "../lean-memory.ts";
import { openJournal } from "../session/journal.ts";
import { registerExperiment } from "../session/register-experiment.ts";
import { runSession } from "../session/run-session.ts";
import { SessionRecorder } from "../session/session-recorder.ts";
import type { AttemptResult, WindowWorker } from "../session/window-worker.ts";
import type { OverheadFigures } from "./overhead.ts";

const KIB_PER_MIB = 1024;
const MICROSECONDS_PER_MS = 1000;
const PROVIDERS = ["first", "second"];
/** Units worked at once, so that their rows share a sync; an agent would be waited for meanwhile. */
const CONCURRENCY = 64;

async function run(windows: number, isSynced: boolean): Promise<OverheadFigures> {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-bench-"));
  const { clock, randomId } = processEnvironment();
  const startedMs = clock.monotonicMs();
  const plan = emptyPlan(windows);
  const store = await openJsonlStore({
    folder,
    clock,
    agentId: "bench",
    toolVersion: "bench",
    validate: validateRow,
    fileSystem: isSynced ? nodeFileSystem : withoutSync(nodeFileSystem),
  });
  try {
    const view = emptyExperimentView(plan.experimentId);
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
    const observer = { windowStarted: pass, spent: pass, windowEnded: pass, noted: pass };
    const budgets = { check: () => ({ mayStart: true }) as const };
    const parts = { plan, worker: idleWorker, recorder, budgets, observer, wait: async () => {} };
    const settings = { concurrency: CONCURRENCY, washoutMs: 0, retryDelayMs: 0 };
    await runSession({ ...parts, ...settings }, new AbortController().signal);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
  const { user, system } = process.cpuUsage();
  return {
    windows,
    synced: isSynced,
    cpuMs: (user + system) / MICROSECONDS_PER_MS,
    wallMs: clock.monotonicMs() - startedMs,
    peakMiB: process.resourceUsage().maxRSS / KIB_PER_MIB,
  };
}

function pass(): void {}

const RESULT: AttemptResult = {
  outcome: "pass",
  reason: null,
  usage: { input_uncached: 1000, output: 100, requests: 1 },
  requests: { total: 1, errors: 0, refused: 0 },
  commitStart: "0".repeat(40),
  commitEnd: "1".repeat(40),
  churn: { files_changed: 1, insertions: 10, deletions: 2 },
  quality: 1,
  scenarios: [],
  isolation: null,
  agentIsolation: null,
  timings: null,
  exitCode: 0,
  reportedUsage: null,
  anomalies: [],
  versions: {},
};

const idleWorker: WindowWorker = {
  methodology: "none",
  workspaceRoot: null,
  work: async () => RESULT,
};

function emptyPlan(windowCount: number): Plan {
  const registration = { name: "bench", seed: "1", baseline: "first", scripted: true };
  const units = Array.from({ length: windowCount / PROVIDERS.length }, (_, index) => unitAt(index));
  return { experimentId: "0".repeat(12), registration, sha256: "0".repeat(64), units };
}

function unitAt(index: number): PlannedUnit {
  const featureId = `feature-${String(index)}`;
  const windows = PROVIDERS.map((provider, period) => ({
    window: `W0-${String(index * PROVIDERS.length + period + 1).padStart(2, "0")}`,
    provider,
    featureId,
    replicate: 1,
    period: period + 1,
    command: `/implement ${featureId}`,
  }));
  return { featureId, replicate: 1, stratum: "all", block: index + 1, sequence: "AB", windows };
}

/** The same disk without waiting for it: the difference is what the syncs add. */
function withoutSync(real: FileSystem): FileSystem {
  return { ...real, fdatasync: async () => {}, fdatasyncNow: () => {}, syncFolder: () => {} };
}

// A session of windows that nobody works: what is left is the harness.
keepMemoryLean();
const [count = "0", synced = "true"] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await run(Number(count), synced === "true")));
