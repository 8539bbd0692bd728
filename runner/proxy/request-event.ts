import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import { timestampOf } from "../../ledger/domain/timestamp.ts";
import type { Usage } from "../../ledger/domain/usage.ts";
import type { Refusal, Settlement } from "./admission.ts";
import type { Attempt } from "./attempts.ts";
import type { AnswerReading, Dialect } from "./dialects/dialect.ts";
import type { Destination } from "./routes/destination.ts";

/** Dollars of a request made at a moment (epoch ms); null if the price is unknown, which is not zero. */
export type PriceOf = (model: string | null, usage: Usage, atMs: number) => number | null;

/** What the proxy knows when the head of a request has arrived. */
export interface ExchangeOpening {
  readonly attempt: Attempt;
  readonly traceId: string;
  readonly arrivedAtMs: number;
  readonly arrivedMonotonicMs: number;
  readonly dialect: Dialect | null;
  readonly kind: ProxiedRequest["kind"];
  readonly subagentId: string | null;
  readonly clientSessionId: string | null;
}

/** The model that a request names, and where the request therefore goes. */
export interface Wanted {
  readonly model: string | null;
  readonly destination: Destination;
}

/** How an exchange ended. */
export type ExchangeEnding =
  /** The client left before the proxy forwarded its request. */
  | { readonly by: "client" }
  /** The proxy answered itself. */
  | {
      readonly by: "proxy";
      readonly status: number;
      readonly refusal: Refusal | null;
      readonly error: string | null;
    }
  | UpstreamEnding;

interface UpstreamEnding extends CallOutcome {
  readonly by: "upstream";
  readonly isClientGone: boolean;
  readonly firstByteMonotonicMs: number | null;
  readonly upstreamRequestId: string | null;
}

/** How a forwarded request ended. */
export interface CallOutcome {
  /** 0 if the upstream sent no head; null if the proxy or the client broke off before the head. */
  readonly status: number | null;
  readonly settlement: Settlement["ending"];
  readonly error: string | null;
  /** Null if no meter read the answer. */
  readonly reading: AnswerReading | null;
}

/** What the budgets learn when an admitted request ends. */
export function settlementOf(ending: ExchangeEnding, wanted: Wanted): Settlement {
  const { settlement, reading } = flatten(ending);
  const { usage, outputEstimate, model } = reading ?? NO_READING;
  return { usage, ending: settlement, outputEstimate, model: model ?? wanted.model };
}

interface EventParts {
  readonly wanted: Wanted;
  readonly isForwarded: boolean;
  readonly ending: ExchangeEnding;
  readonly nowMonotonicMs: number;
  readonly priceOf: PriceOf;
}

/** The ledger row of a request that has ended. */
export function requestEvent(opening: ExchangeOpening, parts: EventParts): ProxiedRequest {
  const { arrivedAtMs, arrivedMonotonicMs, dialect } = opening;
  const { route } = opening.attempt;
  const { wanted, isForwarded } = parts;
  const ending = flatten(parts.ending);
  const firstByteMs = ending.firstByteMonotonicMs;
  const { usage, ...reading } = ending.reading ?? NO_READING;
  const model = reading.model ?? wanted.model;
  const counts = countsOf(usage, dialect);
  return {
    record: "request_proxied",
    timestamp: timestampOf(arrivedAtMs),
    session_id: route.sessionId,
    subagent_id: opening.subagentId,
    backend_provider: isForwarded ? wanted.destination.upstream.name : null,
    model,
    prompt_tokens: counts.prompt,
    completion_tokens: counts.completion,
    latency_ms: tenths(parts.nowMonotonicMs - arrivedMonotonicMs),
    status: ending.status,
    trace_id: opening.traceId,
    window: route.window,
    attempt: route.attempt,
    provider: route.provider,
    requested_model: wanted.model,
    usage,
    ttft_ms: firstByteMs === null ? null : tenths(firstByteMs - arrivedMonotonicMs),
    cost_usd: usage && parts.priceOf(model, usage, arrivedAtMs),
    refused_by: ending.refusal?.budget ?? null,
    error: ending.error,
    experiment_id: route.experimentId,
    routed_by: isForwarded ? wanted.destination.rule : null,
    dialect: dialect?.name ?? null,
    kind: opening.kind,
    convention: counts.convention,
    completion_tokens_estimate: reading.outputEstimate,
    is_client_gone: ending.isClientGone,
    is_stream_cut: ending.settlement === "cut" && ending.status !== null,
    upstream_request_id: ending.upstreamRequestId,
    client_session_id: opening.clientSessionId,
  };
}

const NO_READING = { model: null, usage: null, outputEstimate: null };
const NO_ANSWER = {
  reading: null,
  settlement: "unanswered",
  isClientGone: false,
  firstByteMonotonicMs: null,
  upstreamRequestId: null,
} as const;

/** The members of all kinds of endings; null for those that an ending lacks. */
function flatten(
  ending: ExchangeEnding,
): Omit<UpstreamEnding, "by"> & { readonly refusal: Refusal | null } {
  switch (ending.by) {
    case "client":
      return {
        ...NO_ANSWER,
        status: null,
        refusal: null,
        error: "client_left",
        isClientGone: true,
      };
    case "proxy":
      return { ...NO_ANSWER, ...ending };
    case "upstream":
      return { ...ending, refusal: null };
  }
}

function countsOf(usage: Usage | null, dialect: Dialect | null) {
  if (usage === null) return { prompt: null, completion: null, convention: null };
  return {
    prompt: promptTokens(usage),
    completion: usage.output ?? null,
    convention: dialect?.convention ?? null,
  };
}

function promptTokens(usage: Usage): number | null {
  const { input_uncached, cache_read, cache_write_5m, cache_write_1h } = usage;
  const stated = [input_uncached, cache_read, cache_write_5m, cache_write_1h].filter(
    (tokens) => tokens !== undefined,
  );
  return stated.length === 0 ? null : stated.reduce((sum, tokens) => sum + tokens, 0);
}

function tenths(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds * 10) / 10);
}
