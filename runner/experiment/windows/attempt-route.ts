import type { AttemptId } from "../../gateway/budgets/budget-attempt.ts";
import type { RouteRule } from "../../gateway/proxy/routes/route.ts";
import type { Upstream } from "../../gateway/proxy/upstream.ts";
import type { Configuration, Provider } from "../../plan/config/configuration.ts";

/** The destinations of a provider's requests, with the credentials that the proxy inserts. */
export interface Upstreams {
  upstreamOf(provider: Provider): Upstream;
  /** Other destinations for some of a provider's requests. */
  routesOf(provider: Provider): readonly RouteRule[];
}

interface Destinations {
  readonly configuration: Pick<Configuration, "limits" | "seed">;
  readonly upstreams: Upstreams;
}

/** Returns the upstream that the proxy sends an attempt to. Every attempt draws its own shares. */
export function routeOf(
  { configuration: { limits, seed }, upstreams }: Destinations,
  provider: Provider,
  { window, attempt }: AttemptId,
) {
  const { requestsPerS } = limits;
  return {
    window,
    attempt,
    provider: provider.id,
    upstream: upstreams.upstreamOf(provider),
    routes: {
      rules: upstreams.routesOf(provider),
      seed: `${seed}|${window}|${String(attempt)}`,
    },
    ...(requestsPerS === null ? {} : { requestsPerS }),
  };
}
