import { type AssignedFact, latestOf } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";

/** The assignments in the order of the schedule, one for each feature and replicate. */
export function assignmentsInOrder(view: ExperimentView): readonly AssignedFact[] {
  const byUnit = Map.groupBy(view.assignments.values(), ({ feature_id, replicate }) =>
    JSON.stringify([feature_id, replicate]),
  );
  return [...byUnit.values()]
    .map((rows) => latestOf(rows))
    .filter((assigned) => assigned !== undefined)
    .toSorted((left, right) => left.seq - right.seq);
}
