import { existsSync } from "node:fs";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { MANUAL_EXPERIMENT } from "../../ledger/domain/experiment.ts";
import { validateRow } from "../../ledger/domain/validate-row.ts";
import { openJsonlStore } from "../../ledger/store/open-jsonl-store.ts";
import type { LedgerReader, LedgerStore } from "../../ledger/store/store.ts";
import type { ExperimentFold } from "../../ledger/views/experiment-view.ts";
import { listExperiments } from "../../ledger/views/list-experiments.ts";
import { openExperimentView } from "../../ledger/views/open-view.ts";
import type { Environment } from "../environment.ts";
import { toolVersion } from "../package-folder.ts";
import { type DataFolder, locateDataFolder } from "../session/data-folder.ts";

/** There is no ledger, or no such experiment in it. */
export class NothingRecordedError extends CounterbalanceError {
  readonly exitCode = 2;
}

export interface LedgerOptions {
  readonly dataDir?: string;
  readonly experiment?: string;
}

const AGENT_ID = "harness";

export async function openLedger(
  folder: DataFolder,
  environment: Environment,
): Promise<LedgerStore> {
  return await openJsonlStore({
    folder: folder.ledger,
    clock: environment.clock,
    agentId: environment.variables["AGENT_ID"] ?? AGENT_ID,
    toolVersion: toolVersion(),
    validate: validateRow,
  });
}

/**
 * Opens the ledger for a command that only reads, and folds the experiment that the options name.
 * @throws NothingRecordedError naming the folder or the experiments that there are.
 */
export async function readExperiment<Read>(
  options: LedgerOptions,
  environment: Environment,
  read: (
    view: ExperimentFold,
    store: Pick<LedgerReader, "read">,
    folder: DataFolder,
  ) => Promise<Read> | Read,
): Promise<Read> {
  return await changeExperiment(options, environment, read);
}

/** As `readExperiment`, for a command that also adds rows. */
export async function changeExperiment<Value>(
  options: LedgerOptions,
  environment: Environment,
  use: (view: ExperimentFold, store: LedgerStore, folder: DataFolder) => Promise<Value> | Value,
): Promise<Value> {
  const folder = locateDataFolder(options.dataDir, environment);
  if (!existsSync(folder.ledger)) {
    throw new NothingRecordedError(
      `${folder.ledger}: there is no ledger here. Run "experiment run" first, or name its folder with --data-dir.`,
    );
  }
  const store = await openLedger(folder, environment);
  try {
    return await use(openExperimentView(store, chooseExperiment(store, options)), store, folder);
  } finally {
    await store.close();
  }
}

/** Windows worked by hand have no registration; their rows, or those of a proxy, tell that there are some. */
function hasHandWork(store: Pick<LedgerReader, "read">): boolean {
  for (const file of ["snapshots", "windows", "proxy_telemetry"] as const) {
    for (const row of store.read(file)) {
      if (row["experiment_id"] === MANUAL_EXPERIMENT) return true;
    }
  }
  return false;
}

/**
 * The experiment that the options name, else the one that was registered last.
 * @throws NothingRecordedError naming those that there are.
 */
export function chooseExperiment(
  store: Pick<LedgerReader, "read">,
  { experiment }: LedgerOptions,
): string {
  const registered = listExperiments(store.read("experiments")).map((one) => one.experimentId);
  const isAskedForHandWork = experiment === MANUAL_EXPERIMENT || registered.length === 0;
  const ids =
    isAskedForHandWork && hasHandWork(store) ? [...registered, MANUAL_EXPERIMENT] : registered;
  const chosen = experiment ?? ids.at(-1);
  if (chosen !== undefined && ids.includes(chosen)) return chosen;
  throw new NothingRecordedError(
    chosen === undefined
      ? 'The ledger holds no experiment yet. Run "experiment run" first.'
      : `--experiment ${chosen}: the ledger holds no such experiment. It holds: ${ids.join(", ") || "none"}.`,
  );
}
