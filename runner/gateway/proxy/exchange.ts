import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import { BROKEN_OFF } from "../../../ledger/domain/request-fate.ts";
import { sumKnown } from "../../../ledger/domain/sum-known.ts";
import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import { statesPrompt, type Usage } from "../../../ledger/domain/usage.ts";
import type { ModelPart } from "../../../ledger/sources/tokens/claude-iterations.ts";
import { errorCode } from "../../platform/json/json-value.ts";
import type { Refusal, Settlement } from "./admission.ts";
import type { Attempt, Breakable } from "./attempts.ts";
import type { RunningWork } from "./background-work.ts";
import { type AnswerReading, type Dialect, tokensOfBytes } from "./dialects/dialect.ts";
import type { ProxyContext } from "./proxy.ts";
import type { AttemptRoute, Destination } from "./routes/route.ts";

/** What the proxy knows when the head of a request has arrived. */
interface ExchangeOpening {
  readonly attempt: Attempt;
  readonly traceId: string;
  readonly arrivedAtMs: number;
  readonly arrivedMonotonicMs: number;
  readonly dialect: Dialect | null;
  readonly kind: ProxiedRequest["kind"];
  readonly subagentId: string | null;
  readonly clientSessionId: string | null;
  /** The background work that it polls. */
  readonly polled?: RunningWork | undefined;
}

/** The model that a request names, and where the request therefore goes. */
export interface Wanted {
  readonly model: string | null;
  readonly destination: Destination;
}

/** How far an exchange has come. Each phase but the last one has a worker that can break it off. */
type Phase =
  /** The body, or a turn, has not come yet. */
  | { readonly at: "waiting"; readonly wanted: Wanted; readonly worker: Breakable }
  /** The upstream has the request. Only model requests have a reservation. */
  | {
      readonly at: "forwarded";
      readonly wanted: Wanted;
      readonly worker: Breakable;
      readonly reservation: string | null;
    }
  | { readonly at: "settled" };

const SETTLED: Phase = { at: "settled" };

/** How an exchange ended. */
interface ExchangeEnding {
  /** 0 if the upstream sent no head; null if the proxy or the client broke off before the head. */
  readonly status: number | null;
  readonly settlement: Settlement["ending"];
  readonly error: string | null;
  /** Null unless a budget stopped the request before the proxy forwarded it. */
  readonly refusal: Refusal | null;
  /** Null if no meter read the answer. */
  readonly reading: AnswerReading | null;
  readonly isClientGone: boolean;
  readonly firstByteMonotonicMs: number | null;
  readonly upstreamRequestId: string | null;
}

/** The ending of a request that the proxy did not forward. */
export const NOT_FORWARDED: ExchangeEnding = {
  status: null,
  settlement: "unanswered",
  error: null,
  refusal: null,
  reading: null,
  isClientGone: false,
  firstByteMonotonicMs: null,
  upstreamRequestId: null,
};

/** `error` of work that a budget forbids, because no meter can count it. */
export const UNCOUNTED = "uncounted_path";

/** The client left before the proxy forwarded its request. */
export const LEFT_EARLY = { ...NOT_FORWARDED, error: "client_left", isClientGone: true };

/** What a request comes to. */
interface Settled extends Pick<Settlement, "usage" | "outputEstimate" | "model"> {
  readonly work: Pick<ProxiedRequest, "background_id" | "kind">;
}

const NO_READING = { model: null, usage: null, parts: undefined, outputEstimate: null };

/**
 * One request and its answer. Its workers are objects, not functions made for each exchange: with
 * such functions, finished exchanges lived until the next full collection.
 */
export class Exchange implements Breakable {
  readonly opening: ExchangeOpening;
  readonly #context: ProxyContext;
  #phase: Phase;
  /** Bytes of bodies that the exchange keeps in memory. */
  #heldBytes = 0;
  /** What it asks for if its body is not read. */
  readonly unread: Wanted;
  /** Bytes of the request's body, decoded; null if the proxy does not hold it. */
  bodyBytes: number | null = null;

  constructor(context: ProxyContext, opening: ExchangeOpening, worker: Breakable) {
    this.opening = opening;
    this.#context = context;
    this.unread = opening.polled ?? { model: null, destination: opening.attempt.own };
    this.#phase = { at: "waiting", wanted: this.unread, worker };
    opening.attempt.enter(this);
  }

  get isSettled(): boolean {
    return this.#phase.at === "settled";
  }

  /** Reserves memory for a body; false if all requests together hold too much. */
  hold(bytes: number): boolean {
    if (this.isSettled || !this.#context.held.take(bytes)) return false;
    this.#heldBytes += bytes;
    return true;
  }

  wants(wanted: Wanted): void {
    if (this.#phase.at === "waiting") this.#phase = { ...this.#phase, wanted };
  }

  forwarded(wanted: Wanted, reservation: string | null, worker: Breakable): void {
    this.#phase = { at: "forwarded", wanted, reservation, worker };
  }

  breakOff(): void {
    if (this.#phase.at !== "settled") this.#phase.worker.breakOff();
  }

  /** Settles the reservation and reports the event: once for every request, however it ends. */
  settle(ending: ExchangeEnding): void {
    const phase = this.#phase;
    if (phase.at === "settled") return;
    this.#phase = SETTLED;
    const { admission, held, onRequestSettled, onDefect } = this.#context;
    const { background } = this.opening.attempt;
    const work = background.note(this.opening, phase.wanted, ending.reading);
    // What other polls state has been counted, or is not final.
    const read = work.kind === "other" ? null : ending.reading;
    const { usage, outputEstimate, parts, ...reading } = read ?? NO_READING;
    const model = reading.model ?? phase.wanted.model;
    held.giveBack(this.#heldBytes);
    try {
      if (phase.at === "forwarded" && phase.reservation !== null) {
        const { settlement } = ending;
        const told = { usage, parts, ending: settlement, outputEstimate, model };
        admission.settle(phase.reservation, told);
      }
      onRequestSettled(this.#row(phase, ending, { usage, outputEstimate, model, work }));
    } catch (defect) {
      onDefect(defect);
    } finally {
      this.opening.attempt.leave(this);
    }
  }

  /** The ledger row of a request that has ended. */
  #row(
    { at, wanted }: Exclude<Phase, { at: "settled" }>,
    ending: ExchangeEnding,
    { usage, outputEstimate, model, work }: Settled,
  ): ProxiedRequest {
    const { arrivedAtMs, arrivedMonotonicMs, dialect, ...opening } = this.opening;
    const { route } = opening.attempt;
    const { kind, ...background } = work;
    const { clock, priceOf } = this.#context;
    const upstream = at === "forwarded" ? wanted.destination.upstream.name : null;
    // Each part has the price of its own model; without one, the cost is unknown.
    const costOf = (used: Usage, parts: readonly ModelPart[] = [{ model: null, usage: used }]) =>
      sumKnown(
        parts.map((part) =>
          priceOf({ model: part.model ?? model, upstream }, part.usage, arrivedAtMs),
        ),
      );
    const counts = countsOf(usage, dialect);
    const { firstByteMonotonicMs: firstByteMs, reading } = ending;
    return {
      record: "request_proxied",
      timestamp: timestampOf(arrivedAtMs),
      session_id: route.sessionId,
      subagent_id: opening.subagentId,
      backend_provider: upstream,
      model,
      prompt_tokens: counts.prompt,
      completion_tokens: counts.completion,
      latency_ms: tenths(clock.monotonicMs() - arrivedMonotonicMs),
      status: ending.status,
      trace_id: opening.traceId,
      window: route.window,
      attempt: route.attempt,
      provider: route.provider,
      requested_model: wanted.model,
      usage,
      ttft_ms: firstByteMs === null ? null : tenths(firstByteMs - arrivedMonotonicMs),
      cost_usd: usage && costOf(usage, reading?.parts),
      refused_by: ending.refusal?.budget ?? null,
      error: ending.error,
      experiment_id: route.experimentId,
      routed_by: at === "forwarded" ? wanted.destination.rule : null,
      dialect: dialect?.name ?? null,
      // The body of a request to a model may show that no meter can count the work.
      kind: ending.error === UNCOUNTED ? "unmetered" : kind,
      convention: counts.convention,
      completion_tokens_estimate: outputEstimate,
      is_client_gone: ending.isClientGone,
      is_stream_cut: ending.settlement === "cut" && ending.status !== null,
      upstream_request_id: ending.upstreamRequestId,
      client_session_id: opening.clientSessionId,
      ...placeOf(route),
      ...faultOf(reading),
      ...listedCost(usage, costOf),
      ...this.#promptEstimate(ending, usage),
      ...background,
    };
  }

  /** A prompt that a model may have read has its cost, whether the answer states that or not. */
  #promptEstimate(
    { settlement }: ExchangeEnding,
    usage: Usage | null,
  ): Pick<ProxiedRequest, "prompt_tokens_estimate"> {
    const { bodyBytes } = this;
    if (settlement === "unanswered" || bodyBytes === null) return {};
    if (usage !== null && statesPrompt(usage)) return {};
    return { prompt_tokens_estimate: tokensOfBytes(bodyBytes) };
  }
}

function placeOf({ windowAgent, turn }: AttemptRoute) {
  return {
    ...(windowAgent === undefined ? {} : { window_agent: windowAgent }),
    ...(turn === undefined ? {} : { turn }),
  };
}

/** The cost by our lists, where the answer states its own. */
function listedCost(usage: Usage | null, costOf: (usage: Usage) => number | null) {
  const { stated_usd: stated, ...billing } = usage?.billing ?? {};
  if (usage === null || stated === undefined) return {};
  const unstated = { ...usage, billing };
  return { listed_cost_usd: costOf(unstated) };
}

function faultOf(reading: AnswerReading | null): Pick<ProxiedRequest, "usage_fault"> {
  return reading?.usageFault === undefined ? {} : { usage_fault: reading.usageFault };
}

function countsOf(usage: Usage | null, dialect: Dialect | null) {
  if (usage === null) return { prompt: null, completion: null, convention: null };
  const { input_uncached, cache_read, cache_write_5m, cache_write_1h, output = null } = usage;
  const classes = [input_uncached, cache_read, cache_write_5m, cache_write_1h];
  const stated = classes.filter((tokens) => tokens !== undefined);
  const sum = stated.reduce((total, tokens) => total + tokens, 0);
  const convention = dialect?.convention ?? null;
  return { prompt: stated.length === 0 ? null : sum, completion: output, convention };
}

function tenths(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds * 10) / 10);
}

/** What the proxy knows of a forwarded request when nothing more will come. */
interface CallFacts extends Pick<ExchangeEnding, "status" | "reading" | "isClientGone"> {
  readonly isModelRequest: boolean;
  /** Whether the request went to the upstream; false if there was no connection. */
  readonly isSent: boolean;
  /** Why the call broke; null if the answer came to its end by itself. */
  readonly failure: Error | null;
}

type End = Pick<ExchangeEnding, "status" | "settlement" | "error">;

/** The error codes of a call that the client or the proxy gave up. */
const GIVEN_UP: ReadonlySet<string | null> = new Set(["client_left", BROKEN_OFF]);

/** How a forwarded request ended. */
export function endOfCall(facts: CallFacts): End {
  const { status, isModelRequest, isSent } = facts;
  const error = failureCode(facts);
  if (status !== null) return { status, ...endOfAnswer(facts, status, error) };
  // The upstream may have begun to work on a request that was given up: its usage is unknown.
  if (GIVEN_UP.has(error)) return { status, settlement: "cut", error };
  const mayHaveWorked = isModelRequest && isSent;
  return { status: 0, settlement: mayHaveWorked ? "lost" : "unanswered", error };
}

function endOfAnswer(
  { reading, isModelRequest }: CallFacts,
  status: number,
  failure: string | null,
): Omit<End, "status"> {
  const { error: stated, isComplete } = reading ?? { error: null, isComplete: false };
  if (status >= 400) return { settlement: "unanswered", error: failure ?? stated ?? "http_error" };
  if (status >= 300) return { settlement: "unanswered", error: failure };
  // After the answer's last event the client has everything, so its leaving is not an error.
  const late = GIVEN_UP.has(failure) ? null : failure;
  if (isComplete) return { settlement: "complete", error: stated ?? late };
  if (failure !== null) return { settlement: "cut", error: failure };
  return isModelRequest ? endOfIncomplete(reading) : { settlement: "complete", error: null };
}

/** An answer that ended by itself, without its last event. */
function endOfIncomplete(reading: AnswerReading | null): Omit<End, "status"> {
  if (reading === null) return { settlement: "complete", error: "answer_unreadable" };
  return { settlement: "cut", error: reading.error ?? "answer_incomplete" };
}

function failureCode({ failure, isClientGone }: CallFacts): string | null {
  if (failure === null) return null;
  if (isClientGone) return "client_left";
  return errorCode("code" in failure ? failure.code : null, "network_error");
}
