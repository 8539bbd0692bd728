import type {
  Configuration,
  Credential,
  Provider,
  ProviderRoute,
  Upstream,
} from "./configuration.ts";
import { ANTHROPIC, type ExperimentFile } from "./experiment-file.ts";

type ProviderEntry = ExperimentFile["providers"][string];

const ANTHROPIC_URL = "https://api.anthropic.com";
const DEFAULT_KEY_VARIABLE = "ANTHROPIC_API_KEY";

/** Fills in the defaults. The baseline comes first. */
export function resolveProviders(
  content: ExperimentFile,
): Pick<Configuration, "providers" | "upstreams"> {
  const upstreams = resolveUpstreams(content);
  const providers = Object.entries(content.providers).map(([id, entry]): Provider => {
    const { driver, model, workflow, via, upstream = ANTHROPIC, vendor = upstream } = entry;
    const credential = credentialOf(entry, content.upstreams[upstream]);
    const routes = routesOf(entry, content);
    return { id, driver, vendor, model, upstream, credential, workflow, routes, via };
  });
  return { providers: baselineFirst(providers, content.baseline), upstreams };
}

function resolveUpstreams(content: ExperimentFile): readonly Upstream[] {
  const configured = Object.entries(content.upstreams).map(
    ([name, { scripted: profiles, base_url: url = "", requests_per_s: requestsPerS }]): Upstream =>
      profiles === undefined
        ? { name, kind: "remote", baseUrl: url.replace(/\/+$/, ""), requestsPerS }
        : { name, kind: "scripted", profiles, requestsPerS },
  );
  return configured.some(({ name }) => name === ANTHROPIC)
    ? configured
    : [...configured, { name: ANTHROPIC, kind: "remote", baseUrl: ANTHROPIC_URL }];
}

function credentialOf(
  { auth, driver }: Pick<ProviderEntry, "auth" | "driver">,
  upstream: ExperimentFile["upstreams"][string] | undefined,
): Credential {
  if (upstream?.scripted !== undefined) return { mode: "scripted" };
  const chosen = auth ?? upstream?.auth ?? defaultAuth(driver);
  if (chosen === "inherit") return { mode: "inherit" };
  const variable = chosen.slice("env ".length);
  return { mode: "variable", variable, header: upstream?.header ?? "x-api-key" };
}

/** Returns the rules of all of a provider's routes, each with the credential of its upstream. */
function routesOf({ routes = [], driver }: ProviderEntry, content: ExperimentFile) {
  return routes.flatMap((name) =>
    (content.routes[name] ?? []).map((rule, index): ProviderRoute => {
      const entry = { driver, auth: content.upstreams[rule.to]?.auth };
      return {
        name: `${name}[${String(index)}]`,
        when: rule.when,
        upstream: rule.to,
        credential: credentialOf(entry, content.upstreams[rule.to]),
        model: rule.model ?? null,
      };
    }),
  );
}

/** A CLI has a log-in of its own. The built-in agent has none. */
function defaultAuth(driver: string): string {
  return driver === "builtin-agent" ? `env ${DEFAULT_KEY_VARIABLE}` : "inherit";
}

function baselineFirst(
  providers: readonly Provider[],
  baseline: string | undefined,
): Configuration["providers"] {
  const chosen = baseline ?? providers[0]?.id;
  const first = providers.find(({ id }) => id === chosen);
  const [second, ...others] = providers.filter(({ id }) => id !== chosen);
  if (first === undefined || second === undefined) {
    throw new Error("The experiment file was not checked for its providers' names.");
  }
  return [first, second, ...others];
}
