import type { NewRow } from "../../ledger/domain/row.ts";
import { latestOf, type FinalizedFact } from "../../ledger/views/experiment-fact.ts";
import type { ReportContext } from "../report/report-context.ts";
import { countedFinals } from "./experiment-data.ts";
import { looksAt } from "./take-looks.ts";

const KIND = "degenerate-variance";
const PAIRS_MIN = 3;

/**
 * The cost ratios of three or more pairs that do not vary at all are no measurement: somebody's data
 * were replayed. One anomaly a candidate and look, naming the windows that none named before; with
 * windows that are corrected or undone it loses its hold.
 */
export function findDegenerate(context: ReportContext): readonly NewRow[] {
  return context.asked.candidates.flatMap((candidate) => degenerateOf(context, candidate));
}

function degenerateOf(context: ReportContext, candidate: string): readonly NewRow[] {
  const { view } = context;
  const last = latestOf(looksAt(view, candidate))?.look;
  if (last === undefined || !last.zero_variance || last.n_pairs < PAIRS_MIN) return [];
  const counted = countedFinals(context, candidate);
  const named = namedBefore(context, counted, candidate);
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
      action: `The cost ratios to ${candidate} do not vary over ${last.n_pairs} pairs, as if data had been replayed; no such look counts for a gate.`,
    },
  ];
}

/** Rows that anomalies of the kind name together with a window of the candidate itself. */
function namedBefore(
  { view }: ReportContext,
  counted: readonly FinalizedFact[],
  candidate: string,
): ReadonlySet<string> {
  const own = new Set(counted.filter(({ provider }) => provider === candidate).map(({ id }) => id));
  const about = [...view.anomalies.values()].filter(
    ({ name, touches }) => name === KIND && touches.some((id) => own.has(id)),
  );
  return new Set(about.flatMap(({ touches }) => touches));
}
