import { DIVERGENT, readDivergence } from "../../../ledger/domain/anomaly.ts";
import type { AnomalyFact } from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { rowKey } from "./manual-window.ts";
import { divergencesIn } from "./reconcile-windows.ts";
import { contentId } from "./tracker.ts";
import type { UsageBySource, WindowSources } from "./window-usage.ts";

/**
 * A view of manual windows with the divergences that their sources have now. What sources say changes when more of a
 * log is read or a row is undone, so a recorded divergence holds only while the same two counts differ.
 */
export function withPresentDivergences(view: ExperimentView, used: UsageBySource): ExperimentView {
  const others = [...view.anomalies.values()].filter(({ name }) => !name.startsWith(DIVERGENT));
  const present = [...used.values()].flatMap(factsOf);
  const anomalies = new Map(
    [...others, ...present].map((fact) => [fact.id, view.anomalies.get(fact.id) ?? fact]),
  );
  return {
    ...view,
    anomalies,
    unsettledTokens: view.unsettledTokens,
    findRow: (id) => view.findRow(id),
    isAlive: (id) => view.isAlive(id),
  };
}

function factsOf(window: WindowSources): readonly AnomalyFact[] {
  const { window_agent, window: name, provider } = rowKey(window.key);
  const moments = window.sources.map(({ saidAt }) => saidAt).toSorted();
  return divergencesIn(window).map((breach) => {
    const { kind, touches, action } = breach;
    return {
      kind: "anomaly",
      // A recorded row of the same breach has the same id.
      id: contentId(breach),
      seq: 0,
      recorded_at: moments.at(-1) ?? "",
      name: kind,
      touches,
      action,
      window: name,
      provider,
      window_agent,
      divergence: readDivergence(breach),
    };
  });
}
