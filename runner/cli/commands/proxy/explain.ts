import path from "node:path";

import { z } from "zod";

import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { subagentIdOf } from "../../../gateway/proxy/client-ids.ts";
import { chooseRoute } from "../../../gateway/proxy/routes/choose-route.ts";
import type { RouteRule } from "../../../gateway/proxy/routes/route.ts";
import type { Configuration, Provider } from "../../../plan/config/configuration.ts";
import { loadConfiguration } from "../../../plan/config/load-configuration.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import { readText } from "../../../platform/yaml/read-yaml-file.ts";
import type { CodeOf } from "../../definition.ts";
import { doneWith } from "../../result.ts";
import type { proxyExplain as definition } from "./definition.ts";

const Body = z.looseObject({ model: z.string().optional() });
const Wrapped = z.looseObject({
  headers: z.record(z.string(), z.string()).default({}),
  body: Body,
});

interface Request {
  readonly subagentId: string | null;
  readonly model: string | null;
}

/** Says where each provider would send a request, rule by rule. */
export const proxyExplain: CodeOf<typeof definition> = async (options, environment) => {
  const configuration = loadConfiguration(options, environment);
  const request = readRequest(path.resolve(environment.cwd, options.request), options.request);
  const explained = configuration.providers.map((provider) =>
    explain(provider, configuration, request),
  );
  return doneWith(options, { ...request, providers: explained }, () =>
    [sayRequest(request), ...explained.map(sayProvider)].join("\n\n"),
  );
};

function readRequest(file: string, shown: string): Request {
  const parsed = parse(readText(file));
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function explain(provider: Provider, { seed }: Configuration, request: Request) {
  // The draw of the first request in the first window.
  const routes = { rules: provider.routes.map(toRule), seed: `${seed}|W0-01|1` };
  const { rule, considered } = chooseRoute(routes, { ...request, nth: 1 });
  return {
    provider: provider.id,
    upstream: rule?.to.name ?? provider.upstream,
    model: rule?.model ?? request.model,
    rule: rule?.name ?? null,
    considered: considered.map((one) => ({
      rule: one.rule.name,
      holds: one.holds,
      reasons: one.reasons,
    })),
  };
}

/** Nothing is sent, so the route needs no address and no key. */
function toRule({ name, when, model, upstream }: Provider["routes"][number]): RouteRule {
  return { name, when, model, to: { name: upstream, baseUrl: "", auth: { mode: "inherit" } } };
}

function sayRequest({ subagentId, model }: Request): string {
  const sender = subagentId === null ? "the main agent" : `sub-agent ${subagentId}`;
  return toPlainLine(`A request of ${sender} for ${model ?? "no model"}`);
}

function sayProvider({ provider, upstream, model, rule, considered }: ReturnType<typeof explain>) {
  const why = considered.map(
    (one) => `  ${one.holds ? "takes" : "skips"} ${one.rule}: ${one.reasons.join("; ")}`,
  );
  const last = rule === null ? [`  ${why.length === 0 ? "no routes" : "no rule holds"}`] : [];
  const where = toPlainLine(`${provider}: to ${upstream} as ${model ?? "no model"}`);
  return [where, ...why, ...last].join("\n");
}
