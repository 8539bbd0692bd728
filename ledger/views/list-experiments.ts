import { ExperimentRegistered } from "../domain/experiment.ts";
import type { Row } from "../domain/row.ts";
import { latestOf, type RegisteredFact } from "./experiment-fact.ts";
import { ExperimentFold } from "./experiment-fold.ts";

/** One registered experiment of a ledger. */
export interface ListedExperiment {
  readonly experimentId: string;
  readonly registered: RegisteredFact;
}

/** The experiments of a ledger in the order of their registration; the last is the latest. */
export function listExperiments(rows: Iterable<Row>): readonly ListedExperiment[] {
  const folds = new Map<string, ExperimentFold>();
  const kept: Row[] = [];
  for (const row of rows) {
    if (row.record !== "experiment_registered" && row.record !== "row_undone") continue;
    kept.push(row);
    const owner = ExperimentRegistered.shape.experiment_id.safeParse(row["experiment_id"]);
    if (row.record === "experiment_registered" && owner.success) {
      folds.set(owner.data, new ExperimentFold(owner.data));
    }
  }
  for (const fold of folds.values()) for (const row of kept) fold.fold(row);
  return [...folds.values()]
    .map(({ experimentId, registrations }) => ({
      experimentId,
      registered: latestOf(registrations.values()),
    }))
    .filter((listed): listed is ListedExperiment => listed.registered !== undefined)
    .toSorted((left, right) => left.registered.seq - right.registered.seq);
}
