import { countFates, errorRate, latenciesOf } from "../../ledger/domain/request-fate.ts";
import type { RequestFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import { groupSorted } from "../evidence/group-sorted.ts";
import { typeSevenQuantile } from "../statistics/quantile.ts";
import type { BackendTraffic } from "./results-data.ts";

const PERCENT = 100;

/**
 * Prompts by provider and backend, of every attempt. A routed request is not an error. A request that
 * our own budget refused reached no backend and is excluded.
 */
export function describeTraffic(view: ExperimentView): readonly BackendTraffic[] {
  const prompts = [...view.windows.values()]
    .flatMap(({ attempts }) => [...attempts.values()])
    .flatMap(({ requests }) => requests)
    .filter(({ is_model, fate, backend }) => is_model && fate !== "refused" && backend !== null);
  return groupSorted(prompts, ({ provider }) => provider).flatMap(([provider, own]) =>
    groupSorted(own, ({ backend }) => backend ?? "").map(([backend, requests]) => ({
      provider,
      backend,
      prompts: requests.length,
      routed_pct: (PERCENT * requests.length) / own.length,
      ...describeRequests(requests),
    })),
  );
}

function describeRequests(requests: readonly RequestFact[]) {
  const latencies = latenciesOf(requests);
  return {
    p50: typeSevenQuantile(latencies, 0.5),
    p95: typeSevenQuantile(latencies, 0.95),
    error_rate: errorRate(countFates(requests.map(({ fate }) => fate))),
  };
}
