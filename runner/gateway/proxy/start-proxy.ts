import { type Server, type ServerOptions, createServer } from "node:http";

import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import { HeldBytes } from "../../platform/http/hold-body.ts";
import { listenOnLoopback } from "../../platform/http/listen-on-loopback.ts";
import { NO_COMPANY } from "../../platform/network/company-network.ts";
import { AttemptSockets } from "./attempt-sockets.ts";
import { Attempt, CLOSED } from "./attempts.ts";
import { UsageAsker } from "./chat-usage/usage-asker.ts";
import { allowHalfClosed } from "./half-closed.ts";
import { handleRequest } from "./handle-request.ts";
import { listenForConnects, refuseForeign } from "./listen-for-connects.ts";
import type { AttemptKey, Proxy, ProxyContext, ProxyOptions } from "./proxy.ts";
import { Pace } from "./routes/pace.ts";
import { StatusBoard, answerStatus, countInFlight } from "./status.ts";
import { UpstreamPools } from "./upstream-pools.ts";
import { YoungBuffers } from "./young-buffers.ts";

const BODY_BYTES_MAX = 64 * 1024 * 1024;
const HELD_BYTES_MAX = 512 * 1024 * 1024;
const DRAIN_MS = 5000;
const REQUEST_MS = 300_000;
const HEAD_MS = 30_000;
const OTHER_PORT = "Name another port after --port, or leave --port out for a free one.";

const DEFAULTS = {
  bodyBytesMax: BODY_BYTES_MAX,
  drainMs: DRAIN_MS,
  priceOf: () => null,
  secrets: () => [],
} satisfies Partial<ProxyContext>;

/** Starts the proxy on a free port of the loopback interface. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { interception = null, publicLoopbackPort, company = NO_COMPANY } = options;
  const attempts = new Map<string, Attempt>();
  const defects: unknown[] = [];
  const board = new StatusBoard();
  const sockets = new AttemptSockets((connection) => server.emit("connection", connection));
  const context: ProxyContext = {
    ...DEFAULTS,
    ...options,
    attempts,
    sockets,
    recorder: options.recorder ?? null,
    held: new HeldBytes(options.heldBytesMax ?? HELD_BYTES_MAX),
    interceptedKeys: new WeakMap(),
    pools: new UpstreamPools(company),
    pace: new Pace(options.clock),
    usageAsker: new UsageAsker(),
    youngBuffers: new YoungBuffers(),
    onDefect: (defect) => defects.push(defect),
    onRequestSettled: (event) => {
      board.settled(event);
      options.onRequestSettled(event);
    },
  };
  const status = () => board.read([...attempts.values()], options.readBudgets?.() ?? []);
  const server = allowHalfClosed(createServer(serverLimits(options))).on("request", (...both) => {
    if (answerStatus(...both, { key: options.statusKey, read: status })) return;
    if (refuseForeign(context, ...both)) return;
    void handleRequest(context, ...both);
  });
  // Headers are bounded in bytes. A bound in number would silently drop the later ones.
  server.maxHeadersCount = 0;
  const keys = context.interceptedKeys;
  const ways = { server, attempts, sockets, keys, interception, publicLoopbackPort, company };
  const closeConnects = listenForConnects(ways);
  const origin = await listenOnLoopback(server, { port: options.port ?? 0, mend: OTHER_PORT });
  return {
    origin,
    openAttempt: (route) => {
      const key = context.randomId();
      attempts.set(key, new Attempt(route, key));
      return addressesOf(origin, key);
    },
    openSocket: async (key) => {
      attempts.get(key)?.moveBehindSocket();
      return await sockets.open(key);
    },
    closeAttempt: async (key) => {
      await closeAttempt(attempts.get(key), context.drainMs);
      sockets.close(key);
    },
    ...controlsOf(attempts),
    limitResetOf: (key) => attempts.get(key)?.limitResetMs ?? null,
    status,
    stop: async () => {
      await stop(context, server, closeConnects);
      await context.recorder?.settled();
      throwFirst(defects.splice(0));
    },
  };
}

function addressesOf(origin: string, key: string): AttemptKey {
  // Programs on Bun, such as opencode, connect to nothing if a user has no password.
  const proxyUrl = origin.replace("http://", `http://${encodeURIComponent(key)}:-@`);
  return { key, url: `${origin}/w/${key}`, proxyUrl };
}

/** What a caller asks and orders of attempts that are open. */
function controlsOf(attempts: ReadonlyMap<string, Attempt>) {
  return {
    refuseAttempt: (key, refusal) => attempts.get(key)?.refuse(refusal),
    inFlight: () => countInFlight(attempts.values()),
    inFlightOf: (key) => attempts.get(key)?.inFlight ?? 0,
    connectionsOf: (key) => {
      const attempt = attempts.get(key);
      return attempt?.isBehindSocket === true ? attempt.connections.read() : null;
    },
    metersOf: (key) => attempts.get(key)?.meters ?? [],
    firstMetersOf: (key) => attempts.get(key)?.firstMeters ?? [],
  } satisfies Partial<Proxy>;
}

/** Drops a client that sends its request slowly, but not one that reads its answer slowly. */
function serverLimits({ requestMs = REQUEST_MS }: ProxyOptions): ServerOptions {
  return {
    maxHeaderSize: 64 * 1024,
    headersTimeout: Math.min(HEAD_MS, requestMs),
    requestTimeout: requestMs,
    keepAliveTimeout: 600_000,
    connectionsCheckingInterval: Math.min(5000, requestMs),
  };
}

async function closeAttempt(attempt: Attempt | undefined, drainMs: number): Promise<void> {
  if (attempt === undefined) return;
  attempt.refuse(CLOSED);
  const timer = setTimeout(() => attempt.breakOff(), drainMs);
  await attempt.idle();
  clearTimeout(timer);
  attempt.connections.closeTunnels();
}

async function stop(
  { attempts, sockets, pools }: ProxyContext,
  server: Server,
  closeConnects: () => void,
): Promise<void> {
  const closed = new Promise((resolve) => {
    server.close(resolve);
  });
  for (const attempt of attempts.values()) {
    attempt.refuse(CLOSED);
    attempt.breakOff();
  }
  await Promise.all([...attempts.values()].map(async (attempt) => await attempt.idle()));
  sockets.closeAll();
  server.closeAllConnections();
  closeConnects();
  await Promise.all([closed, pools.close()]);
}

/** A known failure says more to a user than a defect. */
function throwFirst(defects: readonly unknown[]): void {
  const known = defects.find((defect) => defect instanceof CounterbalanceError);
  if (known !== undefined) throw known;
  if (defects.length > 0) throw new AggregateError(defects, "The proxy has a defect.");
}
