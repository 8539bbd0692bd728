import { existsSync } from "node:fs";
import path from "node:path";

import type { LedgerStore } from "../../../ledger/store/store.ts";
import { listExperiments } from "../../../ledger/views/list-experiments.ts";
import { openExperimentView } from "../../../ledger/views/open-view.ts";
import type { Provider } from "../../plan/config/configuration.ts";
import type { ConfigurationOptions } from "../../plan/config/load-configuration.ts";
import { refuseTwins } from "../../plan/config/refuse-twins.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { type DataFolder, locateDataFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { readLedger } from "../../platform/environment/use-ledger.ts";
import { checkWorkspaceRoot } from "../../tasks/workspaces/create-workspace.ts";
import { defaultWorkspaceRoot } from "../../tasks/workspaces/workspace-root.ts";
import {
  continueExperiment,
  type Experiment,
  extendExperiment,
  prepareExperiment,
  refuseNewExperiment,
  retryMissing,
} from "./prepare-experiment.ts";
import { lastLocked } from "./session-lock.ts";

/** What says which experiment is meant, and how it continues. */
export interface PrepareOptions extends ConfigurationOptions {
  readonly resume?: boolean;
  readonly retryMissing?: boolean;
  readonly extend?: string;
  readonly replay?: string;
  readonly dataDir?: string;
}

interface PreparedRun {
  readonly experiment: Experiment;
  readonly folder: DataFolder;
}

/**
 * The experiment that the options name, with what they add to it. Nothing is written.
 * @throws ConfigurationError if the user wants to continue an experiment that was not begun.
 */
export async function prepareRun(
  options: PrepareOptions,
  environment: Environment,
): Promise<PreparedRun> {
  const prepared = prepareExperiment(options, environment);
  const experiment = options.replay === undefined ? prepared : withoutKeys(prepared);
  const folder = locateDataFolder(options.dataDir, environment);
  const option = continuingOption(options);
  if (option === undefined) {
    refuseTwins(experiment.configuration);
    return { experiment, folder };
  }
  if (!existsSync(folder.ledger)) {
    throw new ConfigurationError(
      `${option}: expected a begun experiment in ${folder.root}, got none. Leave ${option} out, or name its folder with --data-dir.`,
    );
  }
  const continued = await readLedger(folder, environment, (store) => {
    const { extend, retryMissing: isRetry } = options;
    if (extend === undefined) refuseUnbegun(experiment, { store, folder, option });
    const view = openExperimentView(store, extend ?? experiment.plan.experimentId);
    const begun =
      extend === undefined
        ? continueExperiment(experiment, view)
        : extendExperiment(experiment, view);
    return isRetry === true ? retryMissing(begun, view, folder) : begun;
  });
  return { experiment: continued, folder };
}

/** The option that asks to continue an experiment, if one is given. */
export function continuingOption({ resume, retryMissing: isRetry, extend }: PrepareOptions) {
  if (extend !== undefined) return "--extend";
  if (resume === true) return "--resume";
  return isRetry === true ? "--retry-missing" : undefined;
}

interface BegunIn {
  readonly store: LedgerStore;
  readonly folder: DataFolder;
  readonly option: string;
}

/** A run that was killed before it registered anything begins again. */
function refuseUnbegun(experiment: Experiment, { store, folder, option }: BegunIn): void {
  const listed = listExperiments(store.read("experiments"));
  const { experimentId } = experiment.plan;
  if (listed.length === 0 && lastLocked(folder) === experimentId) return;
  refuseNewExperiment(experiment, listed, option);
}

/** The folder in which agents work: `--workspace-root`, otherwise the system's temporary folder. */
export async function chooseWorkspaceRoot(
  { workspaceRoot }: { readonly workspaceRoot?: string },
  environment: Environment,
): Promise<string> {
  return await checkWorkspaceRoot(
    path.resolve(environment.cwd, workspaceRoot ?? defaultWorkspaceRoot(environment)),
  );
}

/** A replay sends nothing to a vendor, so it needs no key and no log-in. */
function withoutKeys(experiment: Experiment): Experiment {
  const credential = { mode: "scripted" } as const;
  const strip = (provider: Provider): Provider => ({
    ...provider,
    credential,
    routes: provider.routes.map((route) => ({ ...route, credential })),
  });
  const { configuration } = experiment;
  const [one, two, ...more] = configuration.providers;
  const providers = [strip(one), strip(two), ...more.map(strip)] as const;
  return { ...experiment, configuration: { ...configuration, providers } };
}
