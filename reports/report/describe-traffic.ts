import type { RequestFact } from "../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../ledger/views/experiment-view.ts";
import type { BackendTraffic } from "./traffic-data.ts";

const PERCENT = 100;

/**
 * Prompts by provider and backend, of every attempt. Where a request was routed to is no error of
 * it; what our own budget refused reached no backend and counts nowhere.
 */
export function describeTraffic(view: ExperimentView): readonly BackendTraffic[] {
  const byProvider = new Map<string, Map<string, RequestFact[]>>();
  for (const request of promptsOf(view)) {
    const backends = byProvider.get(request.provider) ?? new Map<string, RequestFact[]>();
    byProvider.set(request.provider, backends);
    const requests = backends.get(request.backend) ?? [];
    backends.set(request.backend, requests);
    requests.push(request);
  }
  return sorted(byProvider).flatMap(([provider, backends]) => {
    const total = [...backends.values()].reduce((sum, { length }) => sum + length, 0);
    return sorted(backends).map(([backend, requests]) =>
      describeBackend({ provider, backend, requests, total }),
    );
  });
}

type Prompt = RequestFact & { readonly backend: string };

function promptsOf(view: ExperimentView): readonly Prompt[] {
  return [...view.windows.values()]
    .flatMap(({ attempts }) => [...attempts.values()])
    .flatMap(({ requests }) => requests)
    .filter(
      (request): request is Prompt =>
        request.is_model && request.fate !== "refused" && request.backend !== null,
    );
}

function describeBackend({
  provider,
  backend,
  requests,
  total,
}: {
  readonly provider: string;
  readonly backend: string;
  readonly requests: readonly RequestFact[];
  readonly total: number;
}): BackendTraffic {
  const latencies = requests
    .filter(({ fate }) => fate === "answered" || fate === "failed")
    .map(({ latency_ms }) => latency_ms)
    .filter((latency) => latency !== null)
    .toSorted((left, right) => left - right);
  const errors = requests.filter(({ fate }) => fate === "failed").length;
  return {
    provider,
    backend,
    prompts: requests.length,
    routed_pct: (PERCENT * requests.length) / total,
    p50: nearestRank(latencies, 0.5),
    p95: nearestRank(latencies, 0.95),
    error_rate: errors / requests.length,
  };
}

/** The same rule as that of the window's rollup: a latency that was seen. */
function nearestRank(ordered: readonly number[], share: number): number | null {
  return ordered[Math.max(0, Math.ceil(share * ordered.length) - 1)] ?? null;
}

function sorted<Value>(map: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...map].toSorted(([left], [right]) => (left < right ? -1 : 1));
}
