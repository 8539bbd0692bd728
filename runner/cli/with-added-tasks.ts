import { existsSync } from "node:fs";

import { emptyExperimentView } from "../../ledger/views/experiment-view.ts";
import { openExperimentView } from "../../ledger/views/open-view.ts";
import type { Environment } from "../environment.ts";
import type { DataFolder } from "../session/data-folder.ts";
import { extendExperiment } from "../session/extend-experiment.ts";
import type { Experiment } from "../session/prepare-experiment.ts";
import { openLedger } from "./open-ledger.ts";

interface Extension {
  /** The id that `--extend` named; absent: the experiment stays as its configuration says. */
  readonly extend: string | undefined;
  readonly folder: DataFolder;
  readonly environment: Environment;
}

/** With `--extend`, the experiment of the ledger and what the bank has beyond it. */
export async function withAddedTasks(
  experiment: Experiment,
  { extend, folder, environment }: Extension,
): Promise<Experiment> {
  if (extend === undefined) return experiment;
  if (!existsSync(folder.ledger)) return extendExperiment(experiment, emptyExperimentView(extend));
  const store = await openLedger(folder, environment);
  try {
    return extendExperiment(experiment, openExperimentView(store, extend));
  } finally {
    await store.close();
  }
}
