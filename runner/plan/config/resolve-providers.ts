import { commandOf } from "../../agents/drivers/command-file.ts";
import { vendorFor } from "../../agents/drivers/registry.ts";
import { OWN_UPSTREAMS } from "../../gateway/proxy/vendors.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { readWorkflow } from "../../teams/read-workflow.ts";
import { chooseCredential } from "./choose-credential.ts";
import type {
  Configuration,
  ConfiguredUpstream,
  Provider,
  ProviderRoute,
  Workflow,
} from "./configuration.ts";
import type { ExperimentFile } from "./experiment-file.ts";

type ProviderEntry = ExperimentFile["providers"][string];

/**
 * Fills in the defaults. The baseline comes first.
 * @param folder the folder of the file, which commands are relative to.
 */
export function resolveProviders(
  content: ExperimentFile,
  folder: string,
): Pick<Configuration, "providers" | "upstreams"> {
  const providers = Object.entries(content.providers).map(([id, entry]): Provider => {
    const { driver, dialect, model, windows, via } = entry;
    const command = commandOf(entry, folder);
    const { upstream = vendorFor(entry), vendor = upstream } = entry;
    const credential = chooseCredential(entry, upstream, content.upstreams);
    const routes = routesOf(entry, content);
    return {
      id,
      driver,
      ...(dialect === undefined ? {} : { dialect }),
      ...(command === undefined ? {} : { command }),
      vendor,
      model,
      upstream,
      credential,
      workflow: workflowOf(entry, content, folder),
      ...(windows === undefined ? {} : { windows }),
      routes,
      via,
    };
  });
  const upstreams = resolveUpstreams(content);
  return { providers: baselineFirst(providers, content.baseline), upstreams };
}

function resolveUpstreams(content: ExperimentFile): readonly ConfiguredUpstream[] {
  const configured = Object.entries(content.upstreams).map(
    ([
      name,
      { scripted: profiles, base_url: url = "", requests_per_s: requestsPerS },
    ]): ConfiguredUpstream =>
      profiles === undefined
        ? { name, kind: "remote", baseUrl: url.replace(/\/+$/, ""), requestsPerS }
        : { name, kind: "scripted", profiles, requestsPerS },
  );
  const own = Object.entries(OWN_UPSTREAMS).map(([name, { baseUrl }]): ConfiguredUpstream => ({
    name,
    kind: "remote",
    baseUrl,
  }));
  const names = new Set(configured.map(({ name }) => name));
  return [...configured, ...own.filter(({ name }) => !names.has(name))];
}

/** Returns the rules of all of a provider's routes, each with the credential of its upstream. */
function routesOf({ routes = [], ...entry }: ProviderEntry, content: ExperimentFile) {
  const asking = { ...entry, auth: undefined };
  return routes.flatMap((name) =>
    (content.routes[name] ?? []).map((rule, index): ProviderRoute => {
      return {
        name: `${name}[${String(index)}]`,
        when: rule.when,
        upstream: rule.to,
        credential: chooseCredential(asking, rule.to, content.upstreams),
        model: rule.model ?? null,
      };
    }),
  );
}

/** @throws ConfigurationError naming the place in the workflow file, or a provider that the experiment lacks. */
function workflowOf(
  { workflow: name }: ProviderEntry,
  content: ExperimentFile,
  folder: string,
): Workflow {
  if (name === SOLO) return SOLO;
  const { roles } = readWorkflow(name, folder);
  const known = Object.keys(content.providers);
  for (const { name: role, provider } of roles) {
    if (provider === undefined || known.includes(provider)) continue;
    throw new ConfigurationError(
      `${name}: expected the provider of the role ${role} to be one of the experiment, got ${JSON.stringify(provider)}. Write one of: ${known.join(", ")}.`,
    );
  }
  return { name, roles };
}

const SOLO = "solo";

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
