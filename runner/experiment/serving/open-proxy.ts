import path from "node:path";

import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import type { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import { budgetStatus } from "../../gateway/budgets/budget-status.ts";
import { askedDollars } from "../../gateway/prices/price-book.ts";
import { type Authority, openAuthority } from "../../gateway/proxy/mitm/authority.ts";
import { VENDOR_HOSTS } from "../../gateway/proxy/mitm/intercept.ts";
import type { Proxy, ProxyOptions } from "../../gateway/proxy/proxy.ts";
import type { ReplayServer } from "../../gateway/proxy/recording/replay.ts";
import { startProxy } from "../../gateway/proxy/start-proxy.ts";
import type { Upstream } from "../../gateway/proxy/upstream.ts";
import type { Configuration, Provider } from "../../plan/config/configuration.ts";
import type { DataFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { readCompanyNetwork } from "../../platform/network/company-network.ts";
import type { KnownSecrets } from "../../platform/redaction/known-secrets.ts";
import type { ScriptedModel } from "../../rehearsal/scripted-model.ts";
import type { Task } from "../../tasks/bank/task.ts";
import type { Upstreams } from "../windows/attempt-route.ts";
import { leaveNotice } from "./proxy-notice.ts";
import { RequestRows } from "./request-rows.ts";
import { secretsOfSession } from "./session-secrets.ts";

/** The proxy of a session, the upstreams behind it, and the file that says where it is. */
export interface OpenProxy {
  readonly proxy: Proxy;
  readonly upstreams: RunningUpstreams;
  /** The authority of the data folder, which is made when it is first asked for. */
  readonly authority: () => Promise<Authority>;
  /** What upstreams and agents may repeat. */
  readonly secrets: KnownSecrets;
  readonly close: () => Promise<void>;
}

interface OpenProxyParts extends Pick<ProxyOptions, "admission" | "onRequestSettled" | "recorder"> {
  /** Takes the rows of requests. */
  readonly writeRow: (row: ProxiedRequest) => void;
  readonly configuration: Configuration;
  readonly folder: DataFolder;
  readonly environment: Environment;
  readonly book: BudgetBook;
  /** Answers in place of every upstream; null sends requests to the upstreams. */
  readonly replay: ReplayServer | null;
  /** Whether the replay answers a lane of requests from that lane alone. */
  readonly isToldLane: boolean;
  /** For scripted upstreams, and for the variables that setups get. */
  readonly tasks: Iterable<Task>;
  /** Whether agents may use the proxy as their `HTTPS_PROXY`. */
  readonly isIntercepting: boolean;
  readonly port?: number | undefined;
}

/** Opens the proxy and what it needs. If a step fails, everything that is already open is closed. */
export async function openProxy(parts: OpenProxyParts): Promise<OpenProxy> {
  const { configuration, folder, environment, book, admission, onRequestSettled } = parts;
  const { clock, randomId } = environment;
  await using opening = new AsyncDisposableStack();
  const authority = once(() => openAuthority(path.join(folder.root, "mitm"), clock));
  const interception = parts.isIntercepting
    ? { authority: await authority(), hosts: VENDOR_HOSTS }
    : null;
  const upstreams = await startUpstreams(parts);
  opening.defer(() => upstreams.stop());
  const statusKey = randomId();
  const secrets = secretsOfSession(parts);
  const rows = new RequestRows(parts.writeRow);
  const proxy = await startProxy({
    clock,
    randomId,
    admission,
    // A model's name and an id may be texts of an upstream or an agent.
    onRequestSettled: (request) => {
      const clean = secrets.redact(request);
      rows.add(clean);
      onRequestSettled(clean);
    },
    recorder: parts.recorder,
    secrets: () => secrets.inOutput(),
    priceOf: (...request) => askedDollars(configuration.prices, ...request),
    interception,
    statusKey,
    readBudgets: () => budgetStatus(book),
    port: parts.port,
    company: readCompanyNetwork(environment),
    publicLoopbackPort: environment.publicLoopbackPort,
    originOf: environment.originOf,
  });
  opening.defer(async () => {
    await proxy.stop();
    rows.flush();
  });
  const closeAttempt = async (key: string): Promise<void> => {
    await proxy.closeAttempt(key);
    rows.flush();
  };
  opening.defer(leaveNotice(folder, { origin: proxy.origin, key: statusKey, pid: process.pid }));
  const opened = opening.move();
  return {
    proxy: { ...proxy, closeAttempt },
    upstreams,
    authority,
    secrets,
    close: () => closeAll(opened),
  };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return async () => await (made ??= make());
}

/** Closes in reverse order, whatever fails on the way, and throws the first failure. */
export async function closeAll(opened: AsyncDisposableStack): Promise<void> {
  try {
    await opened.disposeAsync();
  } catch (error) {
    let first: unknown = error;
    while (first instanceof SuppressedError) first = first.suppressed;
    throw first;
  }
}

/** The destinations of every provider's requests in one session. */
interface RunningUpstreams extends Upstreams {
  stop(): Promise<void>;
}

/** A key that only the scripted server sees. */
const SCRIPTED_KEY = "scripted";
/** A key that only a recording's server sees. */
const REPLAY_KEY = "replayed";

/** Starts the scripted model servers of a configuration; other upstreams only have addresses. */
async function startUpstreams(parts: OpenProxyParts): Promise<RunningUpstreams> {
  const { replay, isToldLane, environment } = parts;
  if (replay !== null) {
    // A recording replaces every upstream, so no key leaves this machine.
    const auth = { mode: "key", key: REPLAY_KEY, header: "x-api-key" } as const;
    return upstreamsBy(({ upstream: name }) => ({
      name,
      baseUrl: replay.origin,
      auth,
      isToldLane,
    }));
  }
  const servers = await startServers(parts);
  const upstreams = new Map(parts.configuration.upstreams.map((one) => [one.name, one]));
  return upstreamsBy(
    (to) => {
      const upstream = upstreams.get(to.upstream);
      const { requestsPerS } = upstream ?? {};
      const url = upstream?.kind === "remote" ? upstream.baseUrl : servers.get(to.upstream)?.url;
      const address = addressOf(to, url, environment);
      return requestsPerS === undefined ? address : { ...address, requestsPerS };
    },
    async () => {
      await Promise.all([...servers.values()].map((server) => server.stop()));
    },
  );
}

function upstreamsBy(
  upstreamOf: (to: Pick<Provider, "upstream" | "credential">) => Upstream,
  stop = async () => {},
): RunningUpstreams {
  return {
    upstreamOf,
    routesOf: ({ routes }) =>
      routes.map(({ name, when, model, ...to }) => ({ name, when, model, to: upstreamOf(to) })),
    stop,
  };
}

/** Loads the code of scripted servers only if the configuration names one. */
async function startServers({
  configuration,
  tasks,
  environment,
}: OpenProxyParts): Promise<ReadonlyMap<string, ScriptedModel>> {
  if (configuration.upstreams.every(({ kind }) => kind === "remote")) return new Map();
  const { startScripted } = await import("./start-scripted.ts");
  return startScripted(configuration, tasks, environment);
}

function addressOf(
  { upstream: name, credential }: Pick<Provider, "upstream" | "credential">,
  baseUrl: string | undefined,
  { variables }: Environment,
): Upstream {
  if (baseUrl === undefined) throw new Error(`The upstream ${name} was not started.`);
  switch (credential.mode) {
    case "inherit":
      return { name, baseUrl, auth: { mode: "inherit" } };
    case "scripted":
      return { name, baseUrl, auth: { mode: "key", key: SCRIPTED_KEY, header: "x-api-key" } };
    case "variable": {
      const key = variables[credential.variable] ?? "";
      return { name, baseUrl, auth: { mode: "key", key, header: credential.header } };
    }
  }
}
