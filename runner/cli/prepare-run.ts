import { existsSync } from "node:fs";
import path from "node:path";

import { ExperimentFold } from "../../ledger/views/experiment-fold.ts";
import { openExperimentView } from "../../ledger/views/open-view.ts";
import type { Provider } from "../config/configuration.ts";
import { type DataFolder, locateDataFolder } from "../data-folder.ts";
import type { Environment } from "../environment.ts";
import {
  continueExperiment,
  type Experiment,
  extendExperiment,
  prepareExperiment,
} from "../session/prepare-experiment.ts";
import { defaultWorkspaceRoot } from "../session/run-experiment.ts";
import { checkWorkspaceRoot } from "../workspaces/create-workspace.ts";
import type { OptionsOf } from "./definitions/definition.ts";
import type { run } from "./definitions/experiment-commands.ts";
import { useLedger } from "./open-ledger.ts";

/** The options of `run`; `plan` has some of them. */
export type RunOptions = OptionsOf<typeof run>;

interface PreparedRun {
  readonly experiment: Experiment;
  readonly folder: DataFolder;
}

/** The experiment that the options name, with the tasks that `--extend` adds. Nothing is written. */
export async function prepareRun(
  options: RunOptions,
  environment: Environment,
): Promise<PreparedRun> {
  const { extend, replay, dataDir } = options;
  const prepared = prepareExperiment(options, environment);
  const experiment = replay === undefined ? prepared : withoutKeys(prepared);
  const folder = locateDataFolder(dataDir, environment);
  if (extend === undefined) {
    const isContinued = options.resume === true || options.retryMissing === true;
    if (!isContinued || !existsSync(folder.ledger)) return { experiment, folder };
    const continued = await useLedger(folder, environment, (store) => {
      const view = openExperimentView(store, experiment.plan.experimentId);
      return continueExperiment(experiment, view, options.retryMissing === true);
    });
    return { experiment: continued, folder };
  }
  const extended = existsSync(folder.ledger)
    ? await useLedger(folder, environment, (store) =>
        extendExperiment(experiment, openExperimentView(store, extend)),
      )
    : extendExperiment(experiment, new ExperimentFold(extend));
  return { experiment: extended, folder };
}

/** The folder in which agents work: `--workspace-root`, otherwise the system's temporary folder. */
export async function chooseWorkspaceRoot(
  { workspaceRoot }: RunOptions,
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
