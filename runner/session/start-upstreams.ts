import type { Task } from "../bank/task.ts";
import type { Configuration, Provider } from "../config/configuration.ts";
import type { Environment } from "../environment.ts";
import type { RouteRule } from "../proxy/routes/route.ts";
import type { Upstream } from "../proxy/upstream.ts";
import type { ScriptedModel } from "../rehearsal/scripted-model.ts";

/** The destinations of every provider's requests in one session. */
export interface RunningUpstreams {
  upstreamOf(provider: Provider): Upstream;
  /** Other destinations for some of a provider's requests. */
  routesOf(provider: Provider): readonly RouteRule[];
  stop(): Promise<void>;
}

/** A key that only the scripted server sees. */
const SCRIPTED_KEY = "scripted";
/** A key that only a recording's server sees. */
const REPLAY_KEY = "replayed";

/** Starts the scripted model servers of a configuration; other upstreams only have addresses. */
export async function startUpstreams(
  configuration: Configuration,
  tasks: Iterable<Task>,
  environment: Environment,
): Promise<RunningUpstreams> {
  const { upstreams } = configuration;
  const servers = await startServers(configuration, tasks, environment);
  const addresses = new Map(
    upstreams.map((upstream) => [
      upstream.name,
      upstream.kind === "remote" ? upstream.baseUrl : servers.get(upstream.name)?.url,
    ]),
  );
  const paces = new Map(upstreams.map(({ name, requestsPerS }) => [name, requestsPerS]));
  const upstreamOf = (to: Pick<Provider, "upstream" | "credential">): Upstream => {
    const requestsPerS = paces.get(to.upstream);
    const upstream = addressOf(to, addresses, environment);
    return requestsPerS === undefined ? upstream : { ...upstream, requestsPerS };
  };
  return {
    upstreamOf,
    routesOf: ({ routes }) =>
      routes.map(({ name, when, model, ...to }) => ({ name, when, model, to: upstreamOf(to) })),
    stop: async () => {
      await Promise.all([...servers.values()].map((server) => server.stop()));
    },
  };
}

/**
 * A recording stands in for every upstream, so no key leaves this machine. A recording that is told
 * the lane of a request answers from that lane alone.
 */
export function replayedUpstreams(
  origin: string,
  { isToldLane }: { readonly isToldLane: boolean },
): RunningUpstreams {
  const upstreamOf = ({ upstream: name }: Pick<Provider, "upstream">): Upstream => ({
    name,
    baseUrl: origin,
    auth: { mode: "key", key: REPLAY_KEY, header: "x-api-key" },
    isToldLane,
  });
  return {
    upstreamOf,
    routesOf: ({ routes }) =>
      routes.map(({ name, when, model, ...to }) => ({ name, when, model, to: upstreamOf(to) })),
    stop: async () => undefined,
  };
}

/** Loads the code of scripted servers only if the configuration names one. */
async function startServers(
  ...[configuration, tasks, environment]: Parameters<typeof startUpstreams>
): Promise<ReadonlyMap<string, ScriptedModel>> {
  if (configuration.upstreams.every(({ kind }) => kind === "remote")) return new Map();
  const { startScripted } = await import("./start-scripted.ts");
  return startScripted(configuration, tasks, environment);
}

function addressOf(
  { upstream: name, credential }: Pick<Provider, "upstream" | "credential">,
  addresses: ReadonlyMap<string, string | undefined>,
  { variables }: Environment,
): Upstream {
  const baseUrl = addresses.get(name);
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
