import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import { tokensIn } from "../../ledger/domain/token-basis.ts";
import type { TrafficFigures } from "../../ledger/domain/traffic-summed.ts";
import { isError } from "./is-error.ts";

/** What of a request the sum needs, so that a long attempt does not keep its rows in memory. */
export type Prompt = Pick<
  ProxiedRequest,
  "backend_provider" | "status" | "is_client_gone" | "latency_ms" | "usage"
>;

const PERCENT = 100;
const TENTHS = 10;

/** What counts of a request; null of one that was refused, or that the proxy answered itself. */
export function promptOf(request: ProxiedRequest): Prompt | null {
  const { kind, refused_by, backend_provider, status, is_client_gone, latency_ms, usage } = request;
  if (kind !== "model" || refused_by !== null || backend_provider === null) return null;
  return { backend_provider, status, is_client_gone, latency_ms, usage };
}

/** Sums up the requests of one attempt that were sent on to a model. */
export function sumTraffic(prompts: readonly Prompt[]): TrafficFigures {
  const total = prompts.length;
  const latencies = prompts
    .map(({ latency_ms: latencyMs }) => latencyMs)
    .filter((latencyMs) => latencyMs !== null)
    .toSorted((left, right) => left - right);
  return {
    total_prompts: total,
    total_tokens: sum(prompts.map(({ usage }) => (usage === null ? 0 : tokensIn("all", usage)))),
    routed_pct: routedPercent(prompts),
    error_rate: total === 0 ? null : prompts.filter(isError).length / total,
    mean_latency_ms: latencies.length === 0 ? null : tenths(sum(latencies) / latencies.length),
    p50: nearestRank(latencies, 0.5),
    p95: nearestRank(latencies, 0.95),
  };
}

function routedPercent(prompts: readonly Prompt[]): Readonly<Record<string, number>> {
  const byBackend = Map.groupBy(prompts, ({ backend_provider: backend }) => backend);
  const shares: Record<string, number> = {};
  for (const [backend, routed] of byBackend) {
    if (backend !== null) shares[backend] = tenths((routed.length / prompts.length) * PERCENT);
  }
  return shares;
}

/** The smallest value that at least this share of all does not exceed; null of none. */
function nearestRank(sorted: readonly number[], share: number): number | null {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function tenths(value: number): number {
  return Math.round(value * TENTHS) / TENTHS;
}
