import type { IncomingMessage, ServerResponse } from "node:http";

import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import { holdBody } from "../../platform/http/hold-body.ts";
import { answerExport } from "../otlp/answer-export.ts";
import type { AdmissionRequest } from "./admission.ts";
import { type Attempt, type Breakable, findReached } from "./attempts.ts";
import { clientSessionIdOf, subagentIdOf } from "./client-ids.ts";
import { findDialect, servesModels } from "./dialects/find-dialect.ts";
import { promptBytesOf } from "./embedded-data.ts";
import { Exchange, LEFT_EARLY, NOT_FORWARDED, UNCOUNTED, type Wanted } from "./exchange.ts";
import { type ForwardedRequest, forward } from "./forward.ts";
import { decodeBody } from "./metering/decode-bytes.ts";
import { isAllowed } from "./network/network-policy.ts";
import { LEDGER_UNREADABLE, failure, giveAnswer, hardStop, requestIdOf } from "./own-answer.ts";
import type { ProxyContext } from "./proxy.ts";
import { type RequestTarget, climbs, readTarget, withModel } from "./read-target.ts";
import { type Renewals, readTokenRequest } from "./renewal/renewal.ts";
import { readFacts, renameModel } from "./request-body.ts";
import { destinationOf } from "./routes/route.ts";
import { sendRenewal, TOKEN_REQUEST_BYTES_MAX } from "./send-renewal.ts";
import { vendorOfHost } from "./vendors.ts";

const HEADERS_MAX = 500;
/** The method of a path that names it. */
const STREAMS = /:stream[a-z]+$/;
/** The port of vendors' hosts. */
const HTTPS_PORT = 443;

type Decline = readonly [status: number, error: string, sentence: string];

/** The proxy's answers to requests that it does not forward, apart from refusals. */
const DECLINED = {
  headers: [431, "headers_too_many", "The request has too many headers."],
  vendor: [403, "other_vendor", "This proxy has no upstream of that vendor."],
  network: [403, "not_for_a_model", "This window may ask that host for its models only."],
  path: [400, "path_not_allowed", "The path is not allowed."],
  tokens: [400, "no_token_request", "The request for tokens can't be read."],
  uncounted: [402, UNCOUNTED, "Work of this kind is not covered by the budget."],
  "too-large": [413, "body_too_large", "The request is too large."],
  // The client may send the request again: there may be room then.
  "no-room": [503, "held_bytes_full", "The proxy holds too many requests."],
  defect: [500, "proxy_defect", "The proxy failed."],
} as const satisfies Record<string, Decline>;

/** Takes one request from its head to a forwarded call or to the proxy's own answer. Never rejects. */
export async function handleRequest(
  context: ProxyContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A broken connection shows by its "close". Without a listener, its error would be thrown.
  response.on("error", () => undefined);
  request.on("error", () => undefined);
  const { method = "", url = "", headers } = request;
  const target = readTarget(url, context.interceptedKeys.get(request.socket));
  const attempt = target === null ? undefined : attemptOf(context, request, target.key);
  if (target === null || attempt === undefined) {
    const { dialect } = findDialect(method, target?.path ?? "");
    giveAnswer(response, hardStop(dialect, "This address is not open. This run is over."), null);
    return;
  }
  const telemetry = telemetryOf(attempt, target);
  if (telemetry !== null) {
    const { path, take } = telemetry;
    return await answerExport({ request, response }, path, { take, room: context.held });
  }
  if (headers.upgrade?.toLowerCase() === "websocket") {
    // Codex asks for a WebSocket first. It falls back at once on this status, and on no other.
    giveAnswer(response, { status: 426, body: { error: { message: "Use HTTP." } } }, null);
    return;
  }
  const visit = new Visit(context, attempt, { request, response, target });
  try {
    await visit.decide();
  } catch (defect) {
    context.onDefect(defect);
    visit.fail(defect);
  }
}

const TELEMETRY = "/otlp/";

/** What takes an export of the attempt; null if the request is not an export, or is for a vendor's host. */
function telemetryOf({ route }: Attempt, { path, host }: RequestTarget) {
  const { takeTelemetry: take } = route;
  if (take === undefined || host !== "" || !path.startsWith(TELEMETRY)) return null;
  return { path: path.slice(TELEMETRY.length - 1), take };
}

/** The attempt of a request. CONNECT has checked the key of an intercepted connection. */
function attemptOf(
  context: ProxyContext,
  { socket }: IncomingMessage,
  key: string,
): Attempt | undefined {
  if (context.interceptedKeys.has(socket)) return context.attempts.get(key);
  return findReached(context, key, socket);
}

/** The request as it is sent on. */
type Call = Pick<ForwardedRequest, "wanted" | "body" | "isRewritten" | "unasked">;

/** A whole body, as it came and decoded, and what it says of its answer. */
interface HeldBody {
  readonly bytes: Buffer;
  readonly decoded: Buffer;
  readonly streaming: boolean;
  readonly outputMax: number | null;
}

interface VisitParts {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: RequestTarget;
}

/** A request with a known key, until it is forwarded or answered. */
class Visit implements Breakable {
  readonly #context: ProxyContext;
  readonly #parts: VisitParts;
  readonly #exchange: Exchange;
  /** Made when the request waits for its turn, which few requests do. */
  #turn: AbortController | null = null;

  constructor(context: ProxyContext, attempt: Attempt, parts: VisitParts) {
    const { request, target } = parts;
    this.#context = context;
    this.#parts = parts;
    const opening = {
      attempt,
      traceId: context.randomId(),
      arrivedAtMs: context.clock.nowMs(),
      arrivedMonotonicMs: context.clock.monotonicMs(),
      ...attempt.background.find(request.method ?? "", target.path),
      subagentId: subagentIdOf(request.headers),
      clientSessionId: clientSessionIdOf(request.headers),
    };
    this.#exchange = new Exchange(context, opening, this);
  }

  async decide(): Promise<void> {
    const { request, target } = this.#parts;
    const { attempt, kind } = this.#exchange.opening;
    if (attempt.isRefused) return this.#refuse();
    if (request.rawHeaders.length > 2 * HEADERS_MAX) return this.#decline(DECLINED.headers);
    if (climbs(target.path)) return this.#decline(DECLINED.path);
    if (target.host !== "" && (await this.#hasAnsweredForVendor())) return;
    // A count of tokens goes to the same upstream as the request that it is made for.
    if (kind === "model" || (kind === "count_tokens" && attempt.hasRoutes)) {
      return await this.#decideByBody();
    }
    if (this.#isForbidden()) return this.#decline(DECLINED.uncounted);
    await this.#windowTurn();
    if (this.#isOver()) return;
    const body = hasBody(request) ? request : null;
    this.#forward({ wanted: this.#exchange.unread, body, isRewritten: false }, null);
  }

  /** Ends the request after an error that the proxy should never throw. */
  fail(defect: unknown): void {
    if (!(defect instanceof CounterbalanceError)) return this.#decline(DECLINED.defect);
    // Every later request would fail as well, so the client gets the answer that ends its run.
    const { attempt, dialect } = this.#exchange.opening;
    const sentence = "What was spent can't be read. This run is over.";
    attempt.refuse({ budget: "ledger", sentence });
    const answer = hardStop(dialect, sentence);
    const { status } = answer;
    this.#exchange.settle({ ...NOT_FORWARDED, status, error: LEDGER_UNREADABLE });
    giveAnswer(this.#parts.response, answer, requestIdOf(this.#exchange.opening));
  }

  breakOff(): void {
    this.#turn?.abort();
    this.#refuse();
  }

  /** Answers what an intercepted client may not ask, and renewals of its log-in; false for all else. */
  async #hasAnsweredForVendor(): Promise<boolean> {
    const { renewals } = this.#exchange.opening.attempt.route;
    if (renewals?.hosts.includes(this.#parts.target.host) === true)
      await this.#askRenewer(renewals);
    else if (this.#isForAnotherVendor()) this.#decline(DECLINED.vendor);
    else if (this.#isForTheVendorItself()) this.#block();
    else return false;
    return true;
  }

  /** Whether the client's own credential would go to the host of another vendor than it asks. */
  #isForAnotherVendor(): boolean {
    const { upstream, address } = this.#exchange.opening.attempt.own;
    const { host } = this.#parts.target;
    if (upstream.auth.mode !== "inherit") return false;
    const [from, to] = [host, address.hostname].map(vendorOfHost);
    return from && to ? from !== to : false;
  }

  /** Whether an intercepted client asks its vendor for something that no model needs, e.g. to take telemetry. */
  #isForTheVendorItself(): boolean {
    const { attempt, kind } = this.#exchange.opening;
    const { host, path } = this.#parts.target;
    const { network } = attempt.route;
    if (network === undefined || isAllowed(network, host)) return false;
    return kind === "unmetered" || (kind === "other" && !servesModels(path));
  }

  /** Takes a request to a host that renews the attempt's log-in. */
  async #askRenewer(renewals: Renewals): Promise<void> {
    const { request, response, target } = this.#parts;
    const { host, path } = target;
    const { attempt } = this.#exchange.opening;
    const auth = { mode: "inherit" } as const;
    const baseUrl = this.#context.originOf?.(host) ?? `https://${host}`;
    const to = { name: host, baseUrl, auth };
    const destination = destinationOf({ name: null, to, model: null });
    if (request.method !== "POST" || path !== renewals.path) {
      const isOpen = !attempt.isBehindSocket || isAllowed(attempt.route.network ?? "closed", host);
      if (!isOpen) return this.#block();
      const wanted = { model: null, destination };
      const body = hasBody(request) ? request : null;
      return this.#forward({ wanted, body, isRewritten: false }, null);
    }
    const held = await this.#holdDecoded(TOKEN_REQUEST_BYTES_MAX);
    if (held === null) return;
    const asked = readTokenRequest(held.decoded, request.headers["content-type"]);
    if (asked === null) return this.#decline(DECLINED.tokens);
    const call = { request, response, renewals, destination, asked };
    await sendRenewal(this.#context, this.#exchange, call);
  }

  /** Counts the request as a connection that the window's network does not allow. */
  #block(): void {
    const { host } = this.#parts.target;
    this.#exchange.opening.attempt.connections.block({ host, port: HTTPS_PORT });
    this.#decline(DECLINED.network);
  }

  /** Whether a model may work for the request, while a budget holds that could not count it. */
  #isForbidden(): boolean {
    return this.#exchange.opening.kind === "unmetered" && this.#isForbiddenAs("");
  }

  /** @param what names the work, if the path does not. */
  #isForbiddenAs(what: string): boolean {
    const { route } = this.#exchange.opening.attempt;
    const { request, target } = this.#parts;
    const asked = `${request.method ?? ""} ${target.path} ${what && `(${what})`}`.trim();
    return this.#context.admission.mayPassUncounted?.(route, asked) === false;
  }

  /** Decides on a request whose body names the model. */
  async #decideByBody(): Promise<void> {
    const held = await this.#holdDecoded(this.#context.bodyBytesMax);
    if (held === null) return;
    const { attempt, subagentId } = this.#exchange.opening;
    const { bytes, decoded } = held;
    this.#exchange.bodyBytes = decoded.length;
    const { model, streaming, isBackground, outputMax } = this.#readFacts(decoded);
    if (isBackground && this.#isForbiddenAs("background work")) {
      return this.#decline(DECLINED.uncounted);
    }
    const wanted = { model, destination: attempt.destinationOf({ subagentId, model }) };
    this.#exchange.wants(wanted);
    await this.#windowTurn();
    if (this.#isOver()) return;
    const { name, requestsPerS } = wanted.destination.upstream;
    await this.#turnAt(name, requestsPerS);
    if (this.#isOver()) return;
    await this.#admit(wanted, { bytes, decoded, streaming, outputMax });
  }

  /** The whole body, as it came and decoded; null if the request has ended instead. */
  async #holdDecoded(bytesMax: number) {
    const { request } = this.#parts;
    const takeRoom = (bytes: number): boolean => this.#exchange.hold(bytes);
    const body = await holdBody(request, bytesMax, takeRoom);
    if (this.#exchange.isSettled) return null;
    if (body.kind !== "held") {
      if (body.kind === "broken") this.#exchange.settle(LEFT_EARLY);
      else this.#decline(DECLINED[body.kind]);
      return null;
    }
    const { bytes } = body;
    const decoded = await decodeBody(bytes, request.headers["content-encoding"], bytesMax);
    if (this.#exchange.isSettled) return null;
    if (decoded === bytes || takeRoom(decoded.length)) return { bytes, decoded };
    this.#decline(DECLINED["no-room"]);
    return null;
  }

  /** A dialect names the model in its path or in the body. */
  #readFacts(body: Buffer): ReturnType<typeof readFacts> {
    const { dialect } = this.#exchange.opening;
    const { path } = this.#parts.target;
    const facts = readFacts(body, dialect ?? undefined);
    if (dialect?.modelIn === undefined) return facts;
    return { ...facts, model: dialect.modelIn(path), streaming: STREAMS.test(path) };
  }

  async #windowTurn(): Promise<void> {
    const { key, route } = this.#exchange.opening.attempt;
    await this.#turnAt(`window ${key}`, route.requestsPerS);
  }

  async #turnAt(name: string, requestsPerS: number | undefined): Promise<void> {
    if (requestsPerS === undefined) return;
    this.#turn ??= new AbortController();
    await this.#context.pace.turn(name, requestsPerS, this.#turn.signal);
  }

  /** Whether nothing is left to do after a wait: the attempt may be refused, or the client gone. */
  #isOver(): boolean {
    if (this.#exchange.isSettled) return true;
    if (this.#exchange.opening.attempt.isRefused) this.#refuse();
    else if (this.#parts.response.destroyed) this.#exchange.settle(LEFT_EARLY);
    return this.#exchange.isSettled;
  }

  async #admit(wanted: Wanted, body: HeldBody): Promise<void> {
    const { attempt, kind, subagentId, traceId } = this.#exchange.opening;
    const servedModel = wanted.destination.model;
    const isRewritten = servedModel !== null;
    const sent = isRewritten ? renameModel(body.decoded, servedModel) : body.bytes;
    const call = this.#askingForUsage({ wanted, body: sent, isRewritten }, body);
    if (kind !== "model") return this.#forward(call, null);
    await this.#forwardAdmitted(call, {
      route: attempt.route,
      traceId,
      model: wanted.model,
      servedModel,
      upstream: wanted.destination.upstream.name,
      bodyBytes: body.decoded.length,
      promptBytes: promptBytesOf(body.decoded),
      outputMax: body.outputMax,
      subagentId,
      streaming: body.streaming,
    });
  }

  /** Everything from the decision to the sending happens in one turn of the event loop. */
  async #forwardAdmitted(call: Call, request: AdmissionRequest): Promise<void> {
    const { attempt } = this.#exchange.opening;
    let decision = this.#context.admission.admit(request);
    while ("again" in decision) {
      await decision.again;
      if (this.#isOver()) return;
      decision = this.#context.admission.admit(request);
    }
    if (decision.admitted) {
      attempt.admit();
      return this.#forward(call, decision.reservation);
    }
    attempt.refuse(decision);
    this.#refuse();
  }

  /** The same call, which also asks for the usage that a Chat stream else keeps to itself. */
  #askingForUsage(
    call: Call & { readonly body: Buffer },
    { bytes, decoded, streaming }: HeldBody,
  ): Call {
    const { kind, dialect } = this.#exchange.opening;
    if (kind !== "model" || !streaming) return call;
    const plain = call.body === bytes ? decoded : call.body;
    const asking = this.#context.usageAsker.ask(plain, call.wanted, dialect);
    if (asking === null) return call;
    return { ...call, body: asking, isRewritten: true, unasked: call };
  }

  #forward({ wanted, body, isRewritten, unasked = null }: Call, reservation: string | null): void {
    const { request, response, target } = this.#parts;
    const { model } = wanted.destination;
    const isInPath = model !== null && this.#exchange.opening.dialect?.modelIn !== undefined;
    const path = isInPath ? withModel(target.upstreamPath, model) : target.upstreamPath;
    const call = { request, response, path, wanted, body, isRewritten, reservation, unasked };
    forward(this.#context, this.#exchange, call);
  }

  #refuse(): void {
    const { attempt, dialect } = this.#exchange.opening;
    const { refusal } = attempt;
    const answer = hardStop(dialect, refusal?.sentence ?? "This run is over.");
    this.#exchange.settle({ ...NOT_FORWARDED, status: answer.status, refusal });
    giveAnswer(this.#parts.response, answer, requestIdOf(this.#exchange.opening));
  }

  #decline([status, error, sentence]: Decline): void {
    const { opening } = this.#exchange;
    this.#exchange.settle({ ...NOT_FORWARDED, status, error });
    const answer = failure(opening.dialect, status, sentence);
    giveAnswer(this.#parts.response, answer, requestIdOf(opening));
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"]) > 0;
}
