import { DIVERGENT } from "../../../ledger/domain/anomaly.ts";
import type { Lane } from "../../../ledger/domain/usage-ingested.ts";
import { sumUsage, type Usage } from "../../../ledger/domain/usage.ts";
import { MAIN_AGENT } from "../../../ledger/domain/window.ts";
import { compareSources, type SourceComparison } from "../../../ledger/invariants/reconcile.ts";
import { type FinalizedFact, latestOf } from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { finalizedWindows } from "../../../ledger/views/progress.ts";
import { readRegistration } from "../../../reports/evidence/registration.ts";
import type { ReconciledSource, ReconciledWindow } from "./reconcile-windows.ts";
import { PROXY_SOURCE, type SourceUsage } from "./window-usage.ts";

const TELEMETRY = "otlp";

/**
 * Every source of the final windows of an experiment: the proxy, the agent's own report, and what it sent by
 * OpenTelemetry. The session compared them by the registered share; what it found divergent is divergent here.
 */
export function reconcileDriven(
  view: ExperimentView,
  isWanted: (window: string) => boolean,
): readonly ReconciledWindow[] {
  const { providers, analysis } = readRegistration(
    latestOf(view.registrations.values())?.registration,
  );
  const drivers = new Map(providers.map(({ id, driver }) => [id, driver ?? id]));
  return finalizedWindows(view)
    .filter(({ window }) => isWanted(window))
    .map((final): ReconciledWindow => {
      const { window, attempt, provider, capacity } = final;
      const found = new Set(final.anomalies.map((id) => view.anomalies.get(id)?.name));
      const isRecorded = (source: string) => found.has(`${DIVERGENT}${source}`);
      const reference = {
        source: PROXY_SOURCE,
        lanes: lanesOf(view, final),
        rows: [],
        saidAt: final.recorded_at,
      };
      const compared = otherSources(final, drivers.get(provider) ?? provider).map(
        (source): ReconciledSource => {
          const comparison = compareSources({ reference, source }, analysis.divergence_share);
          return { ...source, comparison: asRecorded(comparison, isRecorded(source.source)) };
        },
      );
      return {
        key: { window, attempt, provider, agent: MAIN_AGENT },
        reference: PROXY_SOURCE,
        sources: [{ ...reference, comparison: null }, ...compared],
        // The proxy's own meter says the same again.
        capacity: capacity.filter(({ name }) => name !== PROXY_SOURCE),
      };
    });
}

/** A comparison with the verdict of the session, which is in the rows that the final one names. */
function asRecorded(comparison: SourceComparison, isDivergent: boolean): SourceComparison {
  const classes = comparison.classes.map((one) => ({
    ...one,
    isDivergent: isDivergent && one.isDivergent,
  }));
  return { ...comparison, classes, isDivergent };
}

function lanesOf(
  view: ExperimentView,
  { window, attempt }: FinalizedFact,
): ReadonlyMap<Lane, Usage> {
  const requests = view.windows.get(window)?.attempts.get(attempt)?.requests ?? [];
  const lanes = Map.groupBy(
    requests.filter(({ usage }) => usage !== null),
    ({ is_subagent: isSubagent }): Lane => (isSubagent ? "subagent" : "main"),
  );
  return new Map(
    [...lanes].map(([lane, own]) => [lane, sumUsage(own.flatMap(({ usage }) => usage ?? []))]),
  );
}

function otherSources(final: FinalizedFact, driver: string): readonly SourceUsage[] {
  const { id, recorded_at: saidAt, reported_usage: reported, telemetry_usage: sent = null } = final;
  const counts: readonly [string, Lane, Usage | null][] = [
    [driver, final.reported_lane ?? "all", reported],
    [TELEMETRY, "all", sent],
  ];
  return counts.flatMap(([source, lane, usage]) =>
    usage === null ? [] : [{ source, lanes: new Map([[lane, usage]]), rows: [id], saidAt }],
  );
}
