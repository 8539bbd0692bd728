import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { validateRow } from "../../../../ledger/domain/validate-row.ts";
import { openPostgresStore } from "../../../../ledger/store/postgres/postgres-store.ts";
import { readStoreAddress } from "../../../../ledger/store/postgres/store-address.ts";
import { ExperimentFold } from "../../../../ledger/views/experiment-fold.ts";
import { checkProviders } from "../../../plan/providers/check-providers.ts";
import { createDataFolder, locateDataFolder } from "../../../platform/environment/data-folder.ts";
import { processEnvironment } from "../../../platform/environment/environment.ts";
import { prepareExperiment } from "../../session/prepare-experiment.ts";
import { runShared } from "../open-shared.ts";
import type { SwitchboardTimes } from "../postgres-switchboard.ts";

const TASKS = ["lru-cache", "rate-limiter", "room-bookings", "csv-records"];
const WORKER = fileURLToPath(new URL("chaos-worker.ts", import.meta.url));

export interface TrialOptions {
  readonly url: string;
  readonly replicates: number;
  /** How many tasks; by default all four. */
  readonly tasks?: number;
  /** Milliseconds that a window takes. */
  readonly workMs: number;
  /** The overall budget, tokens; a window may take 1,000 and takes 800. */
  readonly cap: number;
  readonly times?: SwitchboardTimes;
  readonly stop?: AbortSignal;
}

/** A coordinator in this process, and workers in processes of their own, over one store. */
export async function openTrial(options: TrialOptions) {
  const { url, workMs, times = {}, stop } = options;
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-trial-"));
  writeFileSync(path.join(folder, "experiment.yaml"), configurationText(options));
  const environment = { ...processEnvironment(), cwd: folder };
  const data = locateDataFolder(path.join(folder, "coordinator"), environment);
  createDataFolder(data);
  const experiment = prepareExperiment({}, environment);
  const providers = await checkProviders(experiment.configuration, environment, []);
  const address = readStoreAddress(url, "test");
  const store = await openPostgresStore({
    address,
    folder: data.ledger,
    clock: environment.clock,
    agentId: "harness",
    toolVersion: "0.0.0",
    validate: validateRow,
  });
  const never = new AbortController().signal;
  return {
    folder,
    ledger: data.ledger,
    experiment,
    store,
    windows: experiment.plan.sets.reduce((sum, set) => sum + set.windows.length, 0),
    startWorker: (name: string) => {
      mkdirSync(path.join(folder, name), { recursive: true });
      const args = [WORKER, url, folder, name, String(workMs)];
      return spawn(process.execPath, args, { stdio: "ignore" });
    },
    run: async () =>
      await runShared(
        {
          experiment,
          providers,
          store,
          view: new ExperimentFold(experiment.plan.experimentId),
          folder: data,
          environment,
          observe: () => SILENT,
          stopWhen: [],
          signal: stop ?? never,
          atOnce: never,
        },
        times,
      ),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function configurationText({ replicates, cap, tasks = TASKS.length }: TrialOptions): string {
  return `name: trial
seed: "7"
tasks: { bank: builtin, replicates: ${String(replicates)}, include: [${TASKS.slice(0, tasks).join(", ")}] }
providers:
  one: { driver: builtin-agent, model: small, upstream: scripted }
  two: { driver: builtin-agent, model: large, upstream: scripted }
baseline: one
upstreams:
  scripted: { scripted: { small: {}, large: {} } }
budgets:
  overall: { tokens: ${String(cap)} }
  window: { tokens: 1000 }
`;
}

const SILENT = {
  windowStarted: () => undefined,
  phaseBegan: () => undefined,
  settled: () => undefined,
  windowEnded: () => undefined,
  noted: () => undefined,
};
