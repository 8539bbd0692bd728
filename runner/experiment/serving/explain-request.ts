import { z } from "zod";

import { subagentIdOf } from "../../gateway/proxy/client-ids.ts";
import { chooseRoute } from "../../gateway/proxy/routes/choose-route.ts";
import type { RoutedRequest } from "../../gateway/proxy/routes/route.ts";
import type { Configuration, Provider } from "../../plan/config/configuration.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { parseJson } from "../../platform/json/json-value.ts";
import { readText } from "../../platform/yaml/read-yaml-file.ts";

const Body = z.looseObject({ model: z.string().optional() });
const Wrapped = z.looseObject({
  headers: z.record(z.string(), z.string()).default({}),
  body: Body,
});

export type ExplainedRequest = Omit<RoutedRequest, "nth">;

/** @throws ConfigurationError naming the file as it is `shown`. */
export function readRequest(file: string, shown: string): ExplainedRequest {
  const parsed = parseJson(readText(file));
  const wrapped = Wrapped.safeParse(parsed);
  const body = wrapped.success ? wrapped.data.body : Body.safeParse(parsed).data;
  if (body === undefined) {
    throw new ConfigurationError(
      `${shown}: expected a request's JSON body, or an object of "headers" and "body". Write e.g. {"headers": {"x-claude-code-agent-id": "a1"}, "body": {"model": "claude-haiku-5-5"}}.`,
    );
  }
  const headers = Object.entries(wrapped.success ? wrapped.data.headers : {});
  return {
    subagentId: subagentIdOf(
      Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    ),
    model: body.model ?? null,
  };
}

/** The route of a provider that a request would take, and why. */
export function explain(provider: Provider, { seed }: Configuration, request: ExplainedRequest) {
  // The draw of the first request in the first window.
  const routes = { rules: provider.routes, seed: `${seed}|W0-01|1` };
  const { rule, considered } = chooseRoute(routes, { ...request, nth: 1 });
  return {
    provider: provider.id,
    upstream: rule?.upstream ?? provider.upstream,
    model: rule?.model ?? request.model,
    rule: rule?.name ?? null,
    considered: considered.map((one) => ({
      rule: one.rule.name,
      holds: one.holds,
      reasons: one.reasons,
    })),
  };
}
