import path from "node:path";

import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import {
  explain,
  type ExplainedRequest,
  readRequest,
} from "../../../experiment/serving/explain-request.ts";
import { loadConfiguration } from "../../../plan/config/load-configuration.ts";
import type { CodeOf } from "../../definition.ts";
import { doneWith } from "../../result.ts";
import type { proxyExplain as definition } from "./definition.ts";

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

function sayRequest({ subagentId, model }: ExplainedRequest): string {
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
