import { existsSync } from "node:fs";
import path from "node:path";

import { isManual, MANUAL_EXPERIMENT } from "../../../ledger/domain/design.ts";
import { SessionOpened } from "../../../ledger/domain/experiment.ts";
import { sayMeant } from "../../../ledger/domain/nearest-name.ts";
import { HEADER_NAME } from "../../../ledger/store/ledger-header.ts";
import type { LedgerReader, LedgerStore } from "../../../ledger/store/store.ts";
import type { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import { listExperiments } from "../../../ledger/views/list-experiments.ts";
import { openExperimentView } from "../../../ledger/views/open-view.ts";
import { readSettings } from "../../../reports/evidence/registration.ts";
import { type DataFolder, locateDataFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { NothingRecordedError } from "../../platform/environment/nothing-recorded.ts";
import { readLedger, useLedger } from "../../platform/environment/use-ledger.ts";

/** Options that name one of the experiments in a ledger. */
export interface LedgerOptions {
  readonly experiment?: string;
  readonly config?: string;
  readonly dataDir?: string;
}

/** An experiment in an open ledger. */
export interface FoundExperiment {
  readonly store: LedgerStore;
  readonly folder: DataFolder;
  readonly environment: Environment;
  readonly experimentId: string;
}

/** Says that a command shows what it would otherwise have recorded. */
export function sayNotRecorded(what: string, { stderr }: Environment): void {
  stderr.write(`experiment: ${what}: the ledger can't be written to.\n`);
}

/**
 * The data folder's ledger, or the folder itself if it is a ledger, as an exported copy is.
 * @throws NothingRecordedError if there is no ledger. A command that only reads creates none.
 */
export function findLedger(
  { dataDir }: { readonly dataDir?: string },
  environment: Environment,
): DataFolder {
  const folder = locateDataFolder(dataDir, environment);
  if (existsSync(folder.ledger)) return folder;
  if (existsSync(path.join(folder.root, HEADER_NAME))) return { ...folder, ledger: folder.root };
  throw nothingIn(folder);
}

/**
 * Opens the ledger for a command that may write to it, and folds the experiment that the options name.
 * @throws NothingRecordedError naming the folder, or the experiments in the ledger.
 */
export async function useNamedExperiment<Value>(
  options: LedgerOptions,
  environment: Environment,
  use: (view: ExperimentFold, store: LedgerStore, folder: DataFolder) => Promise<Value> | Value,
): Promise<Value> {
  const folder = existingFolder(options, environment);
  return await useLedger(folder, environment, (store) =>
    use(openExperimentView(store, chooseExperiment(store, options)), store, folder),
  );
}

/**
 * Opens the ledger for a command that only reads, and finds the experiment that the options name.
 * @throws NothingRecordedError naming the folder, or the experiments in the ledger.
 */
export async function findExperiment<Value>(
  options: LedgerOptions,
  environment: Environment,
  use: (found: FoundExperiment) => Promise<Value>,
): Promise<Value> {
  const folder = existingFolder(options, environment);
  return await readLedger(folder, environment, (store) =>
    use({
      store,
      folder,
      environment,
      experimentId: findNamed(store, options, { folder, environment }),
    }),
  );
}

function existingFolder({ dataDir }: LedgerOptions, environment: Environment): DataFolder {
  const folder = locateDataFolder(dataDir, environment);
  if (existsSync(folder.ledger)) return folder;
  throw nothingIn(folder);
}

/** The experiment that the options name by its id or its configuration, otherwise the one registered last. */
function findNamed(
  store: Pick<LedgerReader, "read">,
  options: LedgerOptions,
  { folder, environment: { cwd } }: Pick<FoundExperiment, "folder" | "environment">,
): string {
  const { config } = options;
  if (config === undefined) return chooseExperiment(store, options);
  // A run names its configuration relative to where it was started, usually the folder of its data folder.
  const wanted = path.resolve(cwd, config);
  const isIt = (own: string) =>
    [cwd, path.dirname(folder.root)].some((from) => path.resolve(from, own) === wanted);
  return chooseByConfiguration(store, config, isIt);
}

/** Manual windows have no registration: their own rows, or those of a proxy or a log, show that there are some. */
function hasManualWindows(store: Pick<LedgerReader, "read">): boolean {
  for (const file of ["snapshots", "windows", "usage", "proxy_telemetry"] as const) {
    for (const row of store.read(file)) {
      if (isManual(row)) return true;
    }
  }
  return false;
}

/**
 * The experiment that the options name, otherwise the one registered last.
 * @throws NothingRecordedError naming the experiments in the ledger.
 */
function chooseExperiment(
  store: Pick<LedgerReader, "read">,
  { experiment }: LedgerOptions,
): string {
  const registered = listExperiments(store.read("experiments")).map((one) => one.experimentId);
  const isAskedForManual = experiment === MANUAL_EXPERIMENT || registered.length === 0;
  const ids =
    isAskedForManual && hasManualWindows(store) ? [...registered, MANUAL_EXPERIMENT] : registered;
  const chosen = experiment ?? ids.at(-1);
  if (chosen !== undefined && ids.includes(chosen)) return chosen;
  throw new NothingRecordedError(
    chosen === undefined
      ? 'The ledger holds no experiment yet. Run "experiment run" first.'
      : `--experiment ${chosen}: the ledger holds no such experiment.${sayMeant(chosen, ids)} It holds: ${ids.join(", ") || "none"}.`,
  );
}

/** @throws NothingRecordedError naming the configurations of the ledger's experiments. */
function chooseByConfiguration(
  store: Pick<LedgerReader, "read">,
  config: string,
  isIt: (own: string) => boolean,
): string {
  const known = new Set<string>();
  let latest: string | undefined;
  for (const row of store.read("experiments")) {
    const session = SessionOpened.safeParse(row).data;
    if (session === undefined) continue;
    const { config: own } = readSettings(session.settings).paths;
    known.add(own ?? "the rehearsal");
    if (own !== null && isIt(own)) latest = session.experiment_id;
  }
  if (latest !== undefined) return latest;
  throw new NothingRecordedError(
    `--config ${config}: the ledger holds no experiment that was run with it. Its experiments: ${[...known].join(", ") || "none"}. Run it first: experiment run --config ${config}`,
  );
}

/** The registered experiment that the options name, otherwise the last one; undefined if only manual windows are asked for. */
export function registeredExperiment(
  ledger: Pick<LedgerReader, "read">,
  options: LedgerOptions,
): string | undefined {
  const { experiment } = options;
  if (experiment === MANUAL_EXPERIMENT) return undefined;
  return experiment === undefined
    ? listExperiments(ledger.read("experiments")).at(-1)?.experimentId
    : chooseExperiment(ledger, options);
}

/** Says that there is no ledger, and where. */
export function nothingIn({ ledger, store }: DataFolder): NothingRecordedError {
  if (store !== null) {
    return new NothingRecordedError(
      `${store.shown}: there is no ledger here. Run "experiment run" first, or name its database with --store.`,
    );
  }
  return new NothingRecordedError(
    `${ledger}: there is no ledger here. Run "experiment run" first, or name its folder with --data-dir.`,
  );
}
