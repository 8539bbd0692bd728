import { latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { extendPlan } from "../assignment/extend-plan.ts";
import { ConfigurationError } from "../configuration-error.ts";
import type { Experiment } from "./prepare-experiment.ts";

/**
 * The experiment that a ledger holds, with the tasks of the bank that came since.
 * @throws ConfigurationError where the ledger does not hold it, or more than tasks were added.
 */
export function extendExperiment(experiment: Experiment, view: ExperimentView): Experiment {
  const registered = latestOf(view.registrations.values());
  if (registered === undefined) {
    throw new ConfigurationError(
      `--extend ${view.experimentId}: expected an experiment of this ledger, got another id. "experiment preview" shows the latest one's.`,
    );
  }
  const { configuration, tasks } = experiment;
  const plan = extendPlan(registered.registration, configuration, [...tasks.values()]);
  return { ...experiment, plan };
}
