import type { IncomingMessage, ServerResponse } from "node:http";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import type { Refusal } from "./admission.ts";
import type { Attempt } from "./attempts.ts";
import { decodeBody } from "./decode-body.ts";
import type { RequestFacts } from "./dialects/dialect.ts";
import { findDialect } from "./dialects/find-dialect.ts";
import { Exchange, NOTHING_READ } from "./exchange.ts";
import { forward, type ForwardedBody } from "./forward.ts";
import { holdBody } from "./hold-body.ts";
import { failure, giveAnswer, hardStop, LEDGER_UNREADABLE } from "./own-answer.ts";
import { type ProxyContext, settleExchange } from "./proxy-context.ts";
import { climbs, readTarget, type RequestTarget } from "./read-target.ts";
import { requestIdOf } from "./request-id.ts";
import { renameModel } from "./routes/rename-model.ts";
import { clientSessionIdOf, subagentIdOf } from "./subagent.ts";
import { isUncountedWork } from "./uncounted-work.ts";
import { Waiting } from "./waiting.ts";

const HEADERS_MAX = 500;

/** A request that came with a known key. */
interface Visit {
  readonly context: ProxyContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: RequestTarget;
  readonly exchange: Exchange;
}

/** A request's body as it came and without its encoding. */
interface ReadBody {
  readonly bytes: Buffer;
  readonly decoded: Buffer;
}

interface OutgoingBody {
  readonly body: ForwardedBody;
  readonly isRewritten: boolean;
}

/** Takes one request from its head to a forwarded call or an answer of our own. Never rejects. */
export async function handleRequest(
  context: ProxyContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Broken connections are seen by their "close"; without a listener their errors would be thrown.
  response.on("error", () => undefined);
  request.on("error", () => undefined);
  const interceptedKey = context.interceptedKeys.get(request.socket);
  const target = readTarget(request.url ?? "", interceptedKey);
  const attempt = target === null ? undefined : context.attempts.get(target.key);
  if (target === null || attempt === undefined) {
    turnAwayStranger(request, response, target);
    return;
  }
  if (request.headers.upgrade?.toLowerCase() === "websocket") {
    // Codex asks for a WebSocket first and falls back at once on this status, and on no other.
    giveAnswer(response, { status: 426, body: { error: { message: "Use HTTP." } } }, null);
    return;
  }
  const exchange = openExchange(context, request, { attempt, target });
  attempt.enter(exchange);
  const visit = { context, request, response, target, exchange };
  try {
    await decide(visit);
  } catch (defect) {
    context.onDefect(defect);
    if (defect instanceof CounterbalanceError) return stopAttempt(visit);
    decline(visit, { status: 500, error: "proxy_defect", sentence: "The proxy failed." });
  }
}

/** What stands in the ledger's way is there for the next request too: nobody is to send it again. */
function stopAttempt({ context, response, exchange }: Visit): void {
  const { attempt, dialect } = exchange.opening;
  const sentence = "What was spent can't be read. This run is over.";
  attempt.refuse({ budget: "ledger", sentence });
  const answer = hardStop(dialect, sentence);
  exchange.status = answer.status;
  settleExchange(context, exchange, { ...NOTHING_READ, error: LEDGER_UNREADABLE });
  giveAnswer(response, answer, requestIdOf(exchange.opening));
}

function turnAwayStranger(
  request: IncomingMessage,
  response: ServerResponse,
  target: RequestTarget | null,
): void {
  const { dialect } = findDialect(request.method ?? "", target?.path ?? "");
  giveAnswer(response, hardStop(dialect, "This address is not open. This run is over."), null);
}

function openExchange(
  { clock, randomId }: ProxyContext,
  request: IncomingMessage,
  { attempt, target }: { readonly attempt: Attempt; readonly target: RequestTarget },
): Exchange {
  return new Exchange({
    attempt,
    traceId: randomId(),
    arrivedAtMs: clock.nowMs(),
    arrivedMonotonicMs: clock.monotonicMs(),
    ...findDialect(request.method ?? "", target.path),
    subagentId: subagentIdOf(request.headers),
    clientSessionId: clientSessionIdOf(request.headers),
  });
}

async function decide(visit: Visit): Promise<void> {
  const { request, target, exchange } = visit;
  const { attempt, kind } = exchange.opening;
  if (attempt.refusal !== null) return refuse(visit, attempt.refusal);
  if (request.rawHeaders.length > 2 * HEADERS_MAX) {
    const sentence = "The request has too many headers.";
    return decline(visit, { status: 431, error: "headers_too_many", sentence });
  }
  if (climbs(target.path)) {
    const sentence = "The path is not allowed.";
    return decline(visit, { status: 400, error: "path_not_allowed", sentence });
  }
  // A count of tokens is asked of the same backend as the request that it is made for.
  if (kind === "model" || (kind === "count_tokens" && attempt.hasRoutes)) {
    return await decideReadRequest(visit);
  }
  if (slipsThrough(visit)) {
    const sentence = "Work of this kind is not covered by the budget.";
    return decline(visit, { status: 402, error: "uncounted_path", sentence });
  }
  if (await isLeftBehind(visit, new Waiting(visit, refuseAsAttempt))) return;
  forwardIt(visit, { body: hasBody(request) ? request : null, isRewritten: false });
}

/** Only where a route makes another of it. */
function servedModelOf({ destination: { model } }: Exchange) {
  return model === null ? {} : { servedModel: model };
}

/** Whether a model would work for it, and no budget could count what it takes. */
function slipsThrough({ context, request, target, exchange }: Visit): boolean {
  const { attempt, kind } = exchange.opening;
  if (kind !== "other" || !isUncountedWork(request.method ?? "", target.path)) return false;
  return context.admission.mayPassUncounted?.(attempt.route) === false;
}

/** Waits for the window's turn; true where the request is over by then. */
async function isLeftBehind(visit: Visit, waiting: Waiting<Visit>): Promise<boolean> {
  const { context, exchange, response } = visit;
  const { attempt } = exchange.opening;
  const { requestsPerS } = attempt.route;
  if (requestsPerS === undefined) return exchange.isSettled;
  exchange.worker = waiting;
  await context.pace.turn(`window ${attempt.key}`, requestsPerS, waiting.signal);
  if (exchange.isSettled) return true;
  if (attempt.refusal !== null) {
    refuse(visit, attempt.refusal);
    return true;
  }
  if (!response.destroyed) return false;
  exchange.isClientGone = true;
  settleExchange(context, exchange, { ...NOTHING_READ, error: "client_left" });
  return true;
}

/** Decides on a request whose body says what it asks for. */
async function decideReadRequest(visit: Visit): Promise<void> {
  const { context, request, exchange } = visit;
  const waiting = new Waiting(visit, refuseAsAttempt);
  exchange.worker = waiting;
  const takeRoom = (bytes: number): boolean => hold(visit, bytes);
  const body = await holdBody(request, { bytesMax: context.bodyBytesMax, takeRoom });
  if (exchange.isSettled) return;
  if (body.kind === "broken") {
    exchange.isClientGone = true;
    settleExchange(context, exchange, { ...NOTHING_READ, error: "client_left" });
    return;
  }
  if (body.kind === "too-large") {
    const sentence = "The request is too large.";
    return decline(visit, { status: 413, error: "body_too_large", sentence });
  }
  if (body.kind === "no-room") return declineForRoom(visit);
  const encoding = request.headers["content-encoding"];
  const decoded = await decodeBody(body.bytes, encoding, context.bodyBytesMax);
  if (exchange.isSettled) return;
  if (decoded !== body.bytes && !takeRoom(decoded.length)) return declineForRoom(visit);
  const facts = readFacts(visit, decoded);
  if (await isLeftBehind(visit, waiting)) return;
  const { name, requestsPerS } = exchange.destination.upstream;
  if (requestsPerS !== undefined) await context.pace.turn(name, requestsPerS, waiting.signal);
  if (exchange.isSettled) return;
  if (visit.response.destroyed) {
    exchange.isClientGone = true;
    settleExchange(context, exchange, { ...NOTHING_READ, error: "client_left" });
    return;
  }
  admitOrRefuse(visit, facts, { bytes: body.bytes, decoded });
}

/** Keeps count of what a request holds; false where all requests together hold too much. */
function hold({ context, exchange }: Visit, bytes: number): boolean {
  if (exchange.isSettled || !context.held.take(bytes)) return false;
  exchange.heldBytes += bytes;
  return true;
}

/** Asked for again in a while, there may be room. */
function declineForRoom(visit: Visit): void {
  const sentence = "The proxy holds too many requests.";
  decline(visit, { status: 503, error: "held_bytes_full", sentence });
}

/** What the body asks for, and where that makes the request go. */
function readFacts({ exchange }: Visit, decoded: Buffer): RequestFacts {
  const { attempt, dialect, subagentId } = exchange.opening;
  const facts = dialect?.readFacts(decoded) ?? { model: null, streaming: false };
  exchange.requestedModel = facts.model;
  exchange.destination = attempt.destinationOf({ subagentId, model: facts.model });
  return facts;
}

/** Everything from the decision to the sending happens in one turn of the event loop. */
function admitOrRefuse(visit: Visit, facts: RequestFacts, body: ReadBody): void {
  const { context, exchange } = visit;
  const { attempt, kind, subagentId, traceId } = exchange.opening;
  if (attempt.refusal !== null) return refuse(visit, attempt.refusal);
  if (kind !== "model") return forwardIt(visit, forDestination(exchange, body));
  const decision = context.admission.admit({
    route: attempt.route,
    traceId,
    model: facts.model,
    ...servedModelOf(exchange),
    bodyBytes: body.decoded.length,
    subagentId,
    streaming: facts.streaming,
  });
  if (!decision.admitted) {
    attempt.refuse({ budget: decision.budget, sentence: decision.sentence });
    return refuse(visit, attempt.refusal);
  }
  exchange.reservation = decision.reservation;
  forwardIt(visit, forDestination(exchange, body));
}

/** The body as it came, or with the model that its destination knows. */
function forDestination({ destination }: Exchange, { bytes, decoded }: ReadBody): OutgoingBody {
  return destination.model === null
    ? { body: bytes, isRewritten: false }
    : { body: renameModel(decoded, destination.model), isRewritten: true };
}

function forwardIt(visit: Visit, outgoing: OutgoingBody): void {
  forward(visit.context, visit.exchange, {
    request: visit.request,
    response: visit.response,
    path: visit.target.upstreamPath,
    ...outgoing,
  });
}

function refuseAsAttempt(visit: Visit): void {
  refuse(visit, visit.exchange.opening.attempt.refusal);
}

function refuse({ context, response, exchange }: Visit, refusal: Refusal | null): void {
  const { dialect } = exchange.opening;
  const answer = hardStop(dialect, refusal?.sentence ?? "This run is over.");
  exchange.refusal = refusal;
  exchange.status = answer.status;
  settleExchange(context, exchange, NOTHING_READ);
  giveAnswer(response, answer, requestIdOf(exchange.opening));
}

/** An answer of our own to a request that can't be forwarded as it is. */
function decline(
  { context, response, exchange }: Visit,
  { status, error, sentence }: { status: number; error: string; sentence: string },
): void {
  exchange.status = status;
  settleExchange(context, exchange, { ...NOTHING_READ, error });
  const answer = failure(exchange.opening.dialect, status, sentence);
  giveAnswer(response, answer, requestIdOf(exchange.opening));
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"]) > 0;
}
