import type { NewRow } from "../../ledger/domain/row.ts";
import { latestOf, type FinalizedFact } from "../../ledger/views/experiment-fact.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { looksAt } from "../evidence/looks-at.ts";
import { countedFinals } from "../evidence/resolved-pairs.ts";
import { degenerateAction } from "../text/anomaly-action.ts";

const KIND = "degenerate-variance";
const PAIRS_MIN = 3;

/**
 * Finds candidates whose cost ratios do not vary at all over three or more pairs: measured ratios
 * vary, so the data must have been replayed. Each look at a candidate gives at most one anomaly,
 * which names the windows that no earlier one names. Correcting or undoing those windows ends it.
 */
export function findDegenerate(evidence: Evidence): readonly NewRow[] {
  return evidence.asked.candidates.flatMap((candidate) => degenerateOf(evidence, candidate));
}

function degenerateOf(evidence: Evidence, candidate: string): readonly NewRow[] {
  const { view } = evidence;
  const last = latestOf(looksAt(view, candidate))?.look;
  if (last === undefined || !last.zero_variance || (last.n_families ?? last.n_pairs) < PAIRS_MIN)
    return [];
  const counted = countedFinals(evidence, candidate);
  const named = namedBefore(evidence, counted, candidate);
  const found = counted.filter(({ id }) => !named.has(id));
  if (found.length === 0) return [];
  return [
    {
      record: "anomaly_recorded",
      experiment_id: view.experimentId,
      kind: KIND,
      touches: found.map(({ id }) => id),
      observed: {
        candidate,
        pairs: last.n_pairs,
        cost_ratio: last.figures["costRatio"] ?? null,
        windows: [...new Set(found.map(({ window }) => window))],
      },
      action: degenerateAction(candidate, last.n_pairs),
    },
  ];
}

/** Rows that earlier anomalies of this kind name together with a window of the candidate. */
function namedBefore(
  { view }: Evidence,
  counted: readonly FinalizedFact[],
  candidate: string,
): ReadonlySet<string> {
  const own = new Set(counted.filter(({ provider }) => provider === candidate).map(({ id }) => id));
  const about = [...view.anomalies.values()].filter(
    ({ name, touches }) => name === KIND && touches.some((id) => own.has(id)),
  );
  return new Set(about.flatMap(({ touches }) => touches));
}
