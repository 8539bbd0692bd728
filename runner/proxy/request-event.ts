import { timestampOf } from "../../ledger/domain/timestamp.ts";
import type { Usage } from "../../ledger/domain/usage.ts";
import type { Exchange, ExchangeEnding } from "./exchange.ts";
import type { PriceOf } from "./proxy-context.ts";
import type { RequestEvent } from "./proxy.ts";

/** The ledger row of a request that has ended. */
export function requestEvent(
  exchange: Exchange,
  ending: ExchangeEnding,
  { nowMonotonicMs, priceOf }: { readonly nowMonotonicMs: number; readonly priceOf: PriceOf },
): RequestEvent {
  const { opening } = exchange;
  const { route } = opening.attempt;
  const reading = ending.reading ?? NO_READING;
  const model = reading.model ?? exchange.requestedModel;
  return {
    record: "request_proxied",
    timestamp: timestampOf(opening.arrivedAtMs),
    session_id: route.sessionId,
    subagent_id: opening.subagentId,
    backend_provider: exchange.isForwarded ? exchange.destination.upstream.name : null,
    model,
    prompt_tokens: promptTokens(reading.usage),
    completion_tokens: reading.usage?.output ?? null,
    latency_ms: tenths(nowMonotonicMs - opening.arrivedMonotonicMs),
    status: exchange.status,
    trace_id: opening.traceId,
    window: route.window,
    attempt: route.attempt,
    provider: route.provider,
    requested_model: exchange.requestedModel,
    usage: reading.usage,
    ttft_ms: firstByteMs(exchange),
    cost_usd: dollarsOf(reading.usage, (usage) => priceOf(model, usage, opening.arrivedAtMs)),
    refused_by: exchange.refusal?.budget ?? null,
    error: ending.error,
    experiment_id: route.experimentId,
    routed_by: exchange.isForwarded ? exchange.destination.rule : null,
    dialect: opening.dialect?.name ?? null,
    kind: opening.kind,
    convention: conventionOf(exchange, reading.usage),
    completion_tokens_estimate: reading.outputEstimate,
    is_client_gone: exchange.isClientGone,
    is_stream_cut: ending.settlement === "cut" && exchange.status !== null,
    upstream_request_id: exchange.upstreamRequestId,
    client_session_id: opening.clientSessionId,
  };
}

const NO_READING = { model: null, usage: null, outputEstimate: null };

function dollarsOf(usage: Usage | null, priceOf: (usage: Usage) => number | null): number | null {
  return usage === null ? null : priceOf(usage);
}

function firstByteMs({ opening, firstByteMonotonicMs }: Exchange): number | null {
  return firstByteMonotonicMs === null
    ? null
    : tenths(firstByteMonotonicMs - opening.arrivedMonotonicMs);
}

function conventionOf({ opening }: Exchange, usage: Usage | null): RequestEvent["convention"] {
  return usage === null || opening.dialect === null ? null : opening.dialect.convention;
}

function promptTokens(usage: Usage | null): number | null {
  if (usage === null) return null;
  const { input_uncached, cache_read, cache_write_5m, cache_write_1h } = usage;
  const said = input_uncached ?? cache_read ?? cache_write_5m ?? cache_write_1h;
  if (said === undefined) return null;
  return (input_uncached ?? 0) + (cache_read ?? 0) + (cache_write_5m ?? 0) + (cache_write_1h ?? 0);
}

function tenths(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds * 10) / 10);
}
