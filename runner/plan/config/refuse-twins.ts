import { canonicalJson } from "../../../ledger/domain/canonical-json.ts";
import { driverOf } from "../../agents/drivers/registry.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { placeOf } from "../../platform/yaml/read-yaml-file.ts";
import type { Configuration, Provider } from "./configuration.ts";

/**
 * Refuses two providers that would do the same: whatever the report found between them would be chance.
 * @throws ConfigurationError naming the line of the second one.
 */
export function refuseTwins(configuration: Configuration): void {
  const { file, providers, isAgainstItself } = configuration;
  if (isAgainstItself || file === null) return;
  const seen = new Map<string, string>();
  for (const provider of providers) {
    const way = canonicalJson(wayOf(provider, configuration));
    const twin = seen.get(way);
    if (twin !== undefined) throw twins(file, provider.id, twin);
    seen.set(way, provider.id);
  }
}

/** How a provider works, without the names of things and without how many of its windows run at once. */
function wayOf(
  { id: _id, vendor: _vendor, windows: _windows, ...provider }: Provider,
  { upstreams }: Configuration,
) {
  const contentOf = (upstream: string) => {
    const { name: _name, ...content } = upstreams.find(({ name }) => name === upstream) ?? {};
    return content;
  };
  const { dialect = driverOf(provider).dialects[0], upstream, routes, workflow } = provider;
  return {
    ...provider,
    dialect,
    upstream: contentOf(upstream),
    routes: routes.map(({ name: _rule, ...route }) => ({
      ...route,
      upstream: contentOf(route.upstream),
    })),
    workflow: workflow === "solo" ? workflow : workflow.roles,
  };
}

function twins(file: string, id: string, twin: string): ConfigurationError {
  const place = placeOf(file, ["providers", id]);
  return new ConfigurationError(
    `${place}: expected "providers.${id}" to differ from "providers.${twin}", got the same under another name. Change e.g. its model. To see what chance alone does, compare the baseline with itself: experiment run --aa`,
  );
}
