import { createServer, type Server, type ServerOptions } from "node:http";

import type { Clock } from "../../ledger/domain/clock.ts";
import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import type { Admission } from "./admission.ts";
import { Attempt, CLOSED } from "./attempts.ts";
import { handleRequest } from "./handle-request.ts";
import { HeldBytes } from "./held-bytes.ts";
import { listenOnLoopback } from "./listen-on-loopback.ts";
import { type Interception, listenForConnects } from "./mitm/intercept.ts";
import type { PriceOf, ProxyContext } from "./proxy-context.ts";
import type { AttemptKey, AttemptRoute, Proxy, ProxyStatus, RequestEvent } from "./proxy.ts";
import { Pace } from "./routes/pace.ts";
import { answerStatus } from "./status/answer-status.ts";
import { StatusBoard } from "./status/status-board.ts";
import type { Recorder } from "./tape/record.ts";
import { UpstreamPools } from "./upstream-pools.ts";
import { YoungBuffers } from "./young-buffers.ts";

export interface ProxyOptions {
  readonly clock: Clock;
  readonly admission: Admission;
  /** Called once for every request of every attempt, when it has ended. Must not throw. */
  readonly onRequestSettled: (event: RequestEvent) => void;
  /** Makes keys, which must not be guessed, and trace ids. */
  readonly randomId: () => string;
  /** What a request cost; without it, no cost is known. */
  readonly priceOf?: PriceOf;
  /** The port to listen on; by default any that is free. */
  readonly port?: number;
  /** Lets clients in that use it as `HTTPS_PROXY`. */
  readonly interception?: Interception;
  /** Opens `GET /-/status` to whoever presents this key as a bearer token; without it, to nobody. */
  readonly statusKey?: string;
  /** The budgets as they stand, for the status. */
  readonly readBudgets?: () => readonly unknown[];
  /** Bodies of model requests are held until their model is known; larger ones are answered 413. */
  readonly bodyBytesMax?: number;
  /** Keeps prompts and answers; without it they are never stored. */
  readonly recorder?: Recorder;
  /** Bodies of all requests together, until they are settled; one above that is answered 503. */
  readonly heldBytesMax?: number;
  /** How long a client may take to send a request, ms. */
  readonly requestMs?: number;
  /** How long an answer is read on for its usage when its client has gone, ms. */
  readonly drainMs?: number;
}

const BODY_BYTES_MAX = 64 * 1024 * 1024;
const HELD_BYTES_MAX = 512 * 1024 * 1024;
const DRAIN_MS = 5000;
const REQUEST_MS = 300_000;
const HEAD_MS = 30_000;

/** Starts the proxy on a free port of the loopback interface. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const attempts = new Map<string, Attempt>();
  const defects: unknown[] = [];
  const board = new StatusBoard();
  const context: ProxyContext = {
    bodyBytesMax: BODY_BYTES_MAX,
    drainMs: DRAIN_MS,
    ...options,
    attempts,
    recorder: options.recorder ?? null,
    priceOf: options.priceOf ?? UNPRICED,
    held: new HeldBytes(options.heldBytesMax ?? HELD_BYTES_MAX),
    interceptedKeys: new WeakMap(),
    pools: new UpstreamPools(),
    pace: new Pace(options.clock),
    youngBuffers: new YoungBuffers(),
    onDefect: (defect) => defects.push(defect),
    onRequestSettled: (event) => {
      board.settled(event);
      options.onRequestSettled(event);
    },
  };
  const status = (): ProxyStatus => readStatus(attempts, board, options);
  const server = createServer(
    serverLimits(options.requestMs ?? REQUEST_MS),
    (request, response) => {
      if (answerStatus(request, response, { key: options.statusKey, read: status })) return;
      void handleRequest(context, request, response);
    },
  );
  const { interception } = options;
  const closeConnects =
    interception === undefined
      ? () => undefined
      : listenForConnects({ server, attempts, interception, keys: context.interceptedKeys });
  // Headers are bounded in bytes; a bound in number would drop the later ones without a word.
  server.maxHeadersCount = 0;
  const origin = await listenOnLoopback(server, options.port);
  return {
    origin,
    openAttempt: (route) => openAttempt(context, attempts, { route, origin }),
    closeAttempt: async (key) => await closeAttempt(attempts.get(key), context.drainMs),
    refuseAttempt: (key, refusal) => attempts.get(key)?.refuse(refusal),
    inFlight: () => countInFlight(attempts),
    inFlightOf: (key) => attempts.get(key)?.inFlight ?? 0,
    metersOf: (key) => attempts.get(key)?.meters ?? [],
    firstMetersOf: (key) => attempts.get(key)?.firstMeters ?? [],
    status,
    stop: async () => {
      await stop(context, server, closeConnects);
      await context.recorder?.settled();
      const told = defects.splice(0);
      const known = told.find((defect) => defect instanceof CounterbalanceError);
      if (known !== undefined) throw known;
      if (told.length > 0) throw new AggregateError(told, "The proxy has a defect.");
    },
  };
}

const UNPRICED: PriceOf = () => null;

function countInFlight(attempts: ReadonlyMap<string, Attempt>): number {
  return [...attempts.values()].reduce((sum, { inFlight }) => sum + inFlight, 0);
}

/** Attempts that are over are left out; their windows' figures stay. */
function readStatus(
  attempts: ReadonlyMap<string, Attempt>,
  board: StatusBoard,
  { readBudgets }: ProxyOptions,
): ProxyStatus {
  const open = [...attempts.values()].filter(({ refusal }) => refusal !== CLOSED);
  return {
    in_flight: countInFlight(attempts),
    attempts: open.map(({ route, inFlight, refusal, meters }) => ({
      window: route.window,
      attempt: route.attempt,
      provider: route.provider,
      in_flight: inFlight,
      refused_by: refusal?.budget ?? null,
      meters,
    })),
    windows: board.windows(),
    upstreams: board.upstreams(),
    budgets: readBudgets?.() ?? [],
  };
}

/** A client that is slow with its request is dropped; one that is slow in reading its answer is not. */
function serverLimits(requestMs: number): ServerOptions {
  return {
    maxHeaderSize: 64 * 1024,
    headersTimeout: Math.min(HEAD_MS, requestMs),
    requestTimeout: requestMs,
    keepAliveTimeout: 600_000,
    connectionsCheckingInterval: Math.min(5000, requestMs),
  };
}

function openAttempt(
  context: ProxyContext,
  attempts: Map<string, Attempt>,
  { route, origin }: { readonly route: AttemptRoute; readonly origin: string },
): AttemptKey {
  const key = context.randomId();
  attempts.set(key, new Attempt(route, key));
  return {
    key,
    url: `${origin}/w/${key}`,
    proxyUrl: origin.replace("http://", `http://${encodeURIComponent(key)}@`),
  };
}

async function closeAttempt(attempt: Attempt | undefined, drainMs: number): Promise<void> {
  if (attempt === undefined) return;
  attempt.refuse(CLOSED);
  const timer = setTimeout(() => attempt.breakOff(), drainMs);
  await attempt.idle();
  clearTimeout(timer);
}

async function stop(
  context: ProxyContext,
  server: Server,
  closeConnects: () => void,
): Promise<void> {
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  for (const attempt of context.attempts.values()) {
    attempt.refuse(CLOSED);
    attempt.breakOff();
  }
  await Promise.all([...context.attempts.values()].map(async (attempt) => await attempt.idle()));
  server.closeAllConnections();
  closeConnects();
  await Promise.all([closed, context.pools.close()]);
}
