import { loadVariants } from "../bank/load-variants.ts";
import type { Task } from "../bank/task.ts";
import type { Configuration, Provider } from "../config/configuration.ts";
import type { Environment } from "../environment.ts";
import type { Upstream } from "../proxy/proxy.ts";
import type { RouteRule } from "../proxy/routes/route.ts";
import { readTaskScript } from "../rehearsal/read-task-script.ts";
import { type ScriptedModel, startScriptedModel } from "../rehearsal/scripted-model.ts";

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
  { upstreams, seed }: Configuration,
  tasks: Iterable<Task>,
  environment: Environment,
): Promise<RunningUpstreams> {
  const scripts = upstreams.some(({ kind }) => kind === "scripted")
    ? [...tasks].map((task) => readTaskScript(task, loadVariants(task)))
    : [];
  const servers: ScriptedModel[] = [];
  const addresses = new Map<string, string>();
  for (const upstream of upstreams) {
    if (upstream.kind === "remote") {
      addresses.set(upstream.name, upstream.baseUrl);
    } else {
      const { profiles } = upstream;
      // One at a time: each is ready in a millisecond.
      // oxlint-disable-next-line no-await-in-loop
      const server = await startScriptedModel({
        seed,
        profiles,
        scripts,
        clock: environment.clock,
      });
      servers.push(server);
      addresses.set(upstream.name, server.url);
    }
  }
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
      await Promise.all(servers.map((server) => server.stop()));
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

function addressOf(
  { upstream: name, credential }: Pick<Provider, "upstream" | "credential">,
  addresses: ReadonlyMap<string, string>,
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
