import { reasonOf } from "../../../ledger/domain/errors.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import { latestOf } from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentFold } from "../../../ledger/views/experiment-fold.ts";
import { openExperimentView } from "../../../ledger/views/open-view.ts";
import { finalOf } from "../../../ledger/views/progress.ts";
import { refuseDroppedLimits } from "../../gateway/budgets/budget-settings.ts";
import { checkProviders } from "../../plan/providers/check-providers.ts";
import { requireSandbox } from "../../plan/providers/require-sandbox.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import {
  createDataFolder,
  type DataFolder,
  makeFolder,
} from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { useLedger } from "../../platform/environment/use-ledger.ts";
import { enterOverlayNamespace } from "../../tasks/setup/overlay-namespace.ts";
import { workspacesBelow } from "../../tasks/workspaces/workspace-root.ts";
import { continueExperiment, type Experiment } from "./prepare-experiment.ts";
import { continuingOption, type PrepareOptions } from "./prepare-run.ts";
import { prepareSetups } from "./prepare-setups.ts";
import { lockExperiment } from "./session-lock.ts";

/** An experiment and the place to run it. */
export interface RunPlace {
  readonly experiment: Experiment;
  readonly folder: DataFolder;
  readonly workspaceRoot: string;
  readonly environment: Environment;
}

/** The ledger, and what it holds of the experiment. */
export interface Opened {
  readonly store: LedgerStore;
  readonly view: ExperimentFold;
}

/** Finds the agents and the sandbox. Nothing is written before every agent is known to be there. */
export async function findAgents({ experiment, folder, workspaceRoot, environment }: RunPlace) {
  const workspaces = workspacesBelow(workspaceRoot);
  if (experiment.tasks.values().some(({ kind }) => kind === "command")) {
    await enterOverlayNamespace(workspaces, environment);
  }
  const { configuration } = experiment;
  const providers = await checkProviders(configuration, environment, [folder.root, workspaces]);
  return { providers, sandbox: await requireSandbox(configuration, environment) };
}

/** Makes the folders of a run, and keeps other runs of the experiment out of them during its use. */
export async function useFolders<Value>(
  { experiment, folder, workspaceRoot, environment }: RunPlace,
  use: () => Promise<Value>,
): Promise<Value> {
  makeFolders(folder, workspaceRoot);
  const unlock = lockExperiment(folder, experiment.plan.experimentId);
  try {
    await prepareSetups(experiment.tasks.values(), environment);
    return await use();
  } finally {
    unlock();
  }
}

function makeFolders(folder: DataFolder, root: string): void {
  createDataFolder(folder);
  try {
    makeFolder(workspacesBelow(root));
  } catch (error) {
    throw new ConfigurationError(
      `${root}: workspaces can't be made here (${reasonOf(error)}). Name a folder that may be written with --workspace-root.`,
    );
  }
}

export async function useExperiment<Value>(
  { experiment, folder, environment }: Omit<RunPlace, "workspaceRoot">,
  use: (opened: Opened) => Promise<Value> | Value,
): Promise<Value> {
  return await useLedger(folder, environment, (store) =>
    use({ store, view: openExperimentView(store, experiment.plan.experimentId) }),
  );
}

/**
 * The experiment as the ledger has it if all of it is final; null if something may run.
 * @throws ConfigurationError if it was begun, and the user does not ask to continue it.
 */
export function findComplete(
  planned: Experiment,
  view: ExperimentFold,
  options: PrepareOptions,
): Experiment | null {
  if (view.registrations.size === 0) return null;
  const isContinued = continuingOption(options) !== undefined;
  // The ledger's schedule has the places that earlier retries have added.
  const experiment = isContinued ? planned : continueExperiment(planned, view);
  const windows = experiment.plan.sets.flatMap((set) => set.windows);
  const open = windows.filter(
    ({ window }) =>
      finalOf(view, window) === undefined || experiment.gradeAgain?.has(window) === true,
  );
  if (open.length === 0) return experiment;
  if (!isContinued) {
    throw new ConfigurationError(
      `This experiment was begun: ${String(windows.length - open.length)} of ${String(windows.length)} windows are final. To continue it, add --resume.`,
    );
  }
  const last = latestOf(view.sessions.values());
  refuseDroppedLimits(last?.settings, planned.configuration.budgets);
  return null;
}
