import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import {
  countFates,
  errorRate,
  latenciesOf,
  type RequestFate,
  requestFate,
} from "../../ledger/domain/request-fate.ts";
import { tokensIn } from "../../ledger/domain/token-basis.ts";
import type { TrafficFigures } from "../../ledger/domain/traffic-summed.ts";
import { typeSevenQuantile } from "../../reports/statistics/quantile.ts";

/** The fields that the sum needs, so that a long attempt does not keep its rows in memory. */
export type Prompt = Pick<
  ProxiedRequest,
  "backend_provider" | "status" | "latency_ms" | "usage"
> & {
  readonly fate: RequestFate;
};

const PERCENT = 100;
const TENTHS = 10;

/** A request as a prompt; null if it was refused, or if the proxy answered it itself. */
export function promptOf(request: ProxiedRequest): Prompt | null {
  const { kind, backend_provider, status, latency_ms, usage } = request;
  const fate = requestFate(request);
  if (kind !== "model" || fate === "refused" || backend_provider === null) return null;
  return { backend_provider, status, latency_ms, usage, fate };
}

/** Sums up the requests of one attempt that reached a model. */
export function sumTraffic(prompts: readonly Prompt[]): TrafficFigures {
  const total = prompts.length;
  const latencies = latenciesOf(prompts);
  return {
    total_prompts: total,
    total_tokens: sum(prompts.map(({ usage }) => (usage === null ? 0 : tokensIn("all", usage)))),
    routed_pct: routedPercent(prompts),
    error_rate: errorRate(countFates(prompts.map(({ fate }) => fate))),
    mean_latency_ms: latencies.length === 0 ? null : tenths(sum(latencies) / latencies.length),
    p50: quantileInTenths(latencies, 0.5),
    p95: quantileInTenths(latencies, 0.95),
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

function quantileInTenths(values: readonly number[], share: number): number | null {
  const quantile = typeSevenQuantile(values, share);
  return quantile === null ? null : tenths(quantile);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function tenths(value: number): number {
  return Math.round(value * TENTHS) / TENTHS;
}
