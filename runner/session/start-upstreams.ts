import type { Task } from "../bank/task.ts";
import type { Configuration, Provider } from "../config/configuration.ts";
import type { Environment } from "../environment.ts";
import type { Upstream } from "../proxy/proxy.ts";
import type { RouteRule } from "../proxy/routes/route.ts";
import type { ScriptedModel } from "../rehearsal/scripted-model.ts";

/** Where every provider's requests go, for one session. */
export interface RunningUpstreams {
  upstreamOf(provider: Provider): Upstream;
  /** Where some of a provider's requests go instead. */
  routesOf(provider: Provider): readonly RouteRule[];
  stop(): Promise<void>;
}

/** A key that only the scripted server sees. */
const SCRIPTED_KEY = "scripted";
/** The same for a recording's. */
const REPLAY_KEY = "replayed";

/** Starts the scripted model servers that the configuration names; the others are just addressed. */
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

/** Every upstream is the recording, and no key leaves. */
export function replayedUpstreams(origin: string): RunningUpstreams {
  const upstreamOf = ({ upstream: name }: Pick<Provider, "upstream">): Upstream => ({
    name,
    baseUrl: origin,
    auth: { mode: "key", key: REPLAY_KEY, header: "x-api-key" },
    isTape: true,
  });
  return {
    upstreamOf,
    routesOf: ({ routes }) =>
      routes.map(({ name, when, model, ...to }) => ({ name, when, model, to: upstreamOf(to) })),
    stop: async () => undefined,
  };
}

/** A proxy before real vendors, which lives long, is spared the code of the scripted one. */
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
