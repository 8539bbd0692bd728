import { createServer, type Server, type ServerOptions } from "node:http";

import type { Clock } from "../../ledger/domain/clock.ts";
import type { Admission } from "./admission.ts";
import { Attempt, CLOSED } from "./attempts.ts";
import { handleRequest } from "./handle-request.ts";
import { listenOnLoopback } from "./listen-on-loopback.ts";
import type { ProxyContext } from "./proxy-context.ts";
import type { AttemptKey, AttemptRoute, Proxy, RequestEvent } from "./proxy.ts";
import { upstreamAddress } from "./upstream-address.ts";
import { UpstreamPools } from "./upstream-pools.ts";

export interface ProxyOptions {
  readonly clock: Clock;
  readonly admission: Admission;
  /** Called once for every request of every attempt, when it has ended. Must not throw. */
  readonly onRequestSettled: (event: RequestEvent) => void;
  /** Makes keys, which must not be guessed, and trace ids. */
  readonly randomId: () => string;
  /** Bodies of model requests are held until their model is known; larger ones are answered 413. */
  readonly bodyBytesMax?: number;
  /** How long a client may take to send a request, ms. */
  readonly requestMs?: number;
  /** How long an answer is read on for its usage when its client has gone, ms. */
  readonly drainMs?: number;
}

const BODY_BYTES_MAX = 64 * 1024 * 1024;
const DRAIN_MS = 5000;
const REQUEST_MS = 300_000;
const HEAD_MS = 30_000;

/** Starts the proxy on a free port of the loopback interface. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const attempts = new Map<string, Attempt>();
  const defects: unknown[] = [];
  const context: ProxyContext = {
    bodyBytesMax: BODY_BYTES_MAX,
    drainMs: DRAIN_MS,
    ...options,
    attempts,
    pools: new UpstreamPools(),
    onDefect: (defect) => defects.push(defect),
  };
  const server = createServer(
    serverLimits(options.requestMs ?? REQUEST_MS),
    (request, response) => {
      void handleRequest(context, request, response);
    },
  );
  const origin = await listenOnLoopback(server);
  return {
    origin,
    openAttempt: (route) => openAttempt(context, attempts, { route, origin }),
    closeAttempt: async (key) => await closeAttempt(attempts.get(key), context.drainMs),
    refuseAttempt: (key, refusal) => attempts.get(key)?.refuse(refusal),
    inFlight: () => [...attempts.values()].reduce((sum, { inFlight }) => sum + inFlight, 0),
    stop: async () => {
      await stop(context, server);
      const told = defects.splice(0);
      if (told.length > 0) throw new AggregateError(told, "The proxy has a defect.");
    },
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
  attempts.set(key, new Attempt(route, upstreamAddress(route.upstream)));
  return { key, url: `${origin}/w/${key}` };
}

async function closeAttempt(attempt: Attempt | undefined, drainMs: number): Promise<void> {
  if (attempt === undefined) return;
  attempt.refuse(CLOSED);
  const timer = setTimeout(() => attempt.breakOff(), drainMs);
  await attempt.idle();
  clearTimeout(timer);
}

async function stop(context: ProxyContext, server: Server): Promise<void> {
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  for (const attempt of context.attempts.values()) {
    attempt.refuse(CLOSED);
    attempt.breakOff();
  }
  await Promise.all([...context.attempts.values()].map(async (attempt) => await attempt.idle()));
  server.closeAllConnections();
  await Promise.all([closed, context.pools.close()]);
}
