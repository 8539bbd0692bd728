import type { LookFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";

/** The looks at a candidate, oldest first. */
export function looksAt(view: ExperimentView, candidate: string): readonly LookFact[] {
  return [...view.looks.values()]
    .filter(({ look }) => look.candidate === candidate)
    .toSorted((left, right) => left.seq - right.seq);
}
