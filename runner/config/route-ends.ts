import type { z } from "zod";

import { faultEnd } from "./field-hints.ts";
import type { RoutesFile } from "./routes-file.ts";

/** The parts of a file that routes name, and that name routes. */
export interface RoutedNames {
  readonly routes: Readonly<Record<string, RoutesFile>>;
  readonly providers: Readonly<Record<string, { readonly routes?: readonly string[] | undefined }>>;
  readonly upstreams: Readonly<Record<string, RoutedUpstream>>;
}

interface RoutedUpstream {
  readonly auth?: string | undefined;
  readonly scripted?: Readonly<Record<string, unknown>> | undefined;
}

type Path = readonly (string | number)[];

/** Refuses routes that lead nowhere, and those that would hand a log-in to somebody else. */
export function refuseLooseRoutes(names: RoutedNames, context: z.RefinementCtx): void {
  for (const [id, { routes = [] }] of Object.entries(names.providers)) {
    for (const [index, name] of routes.entries()) {
      if (Object.hasOwn(names.routes, name)) continue;
      const mend = `Write one of: ${Object.keys(names.routes).join(", ") || "none is configured"}; or add it to "routes".`;
      refuse(context, {
        path: ["providers", id, "routes", index],
        message: "the name of a route",
        mend,
      });
    }
  }
  for (const [name, rules] of Object.entries(names.routes)) {
    for (const [index, rule] of rules.entries()) {
      refuseRule({ rule, path: ["routes", name, index], names }, context);
    }
  }
}

function refuseRule(
  {
    rule,
    path,
    names: { upstreams },
  }: { readonly rule: RoutesFile[number]; readonly path: Path; readonly names: RoutedNames },
  context: z.RefinementCtx,
): void {
  const upstream = Object.hasOwn(upstreams, rule.to) ? upstreams[rule.to] : undefined;
  if (upstream === undefined) {
    const mend = `Write one of: ${Object.keys(upstreams).join(", ") || "none is configured"}; or add it to "upstreams".`;
    refuse(context, { path: [...path, "to"], message: "the name of an upstream", mend });
    return;
  }
  const { scripted, auth } = upstream;
  if (scripted !== undefined) {
    if (rule.model !== undefined && Object.hasOwn(scripted, rule.model)) return;
    const mend = `Write one of: ${Object.keys(scripted).join(", ")}.`;
    const message = `a model that the upstream "${rule.to}" plays`;
    refuse(context, { path: [...path, "model"], message, mend });
  } else if (auth === undefined || auth === "inherit") {
    // The agent's own log-in is for its own vendor; another one must not see it.
    const mend = `Write e.g. auth: env API_KEY under the upstream "${rule.to}".`;
    const message = "an upstream with a key of its own";
    refuse(context, { path: [...path, "to"], message, mend });
  }
}

function refuse(
  context: z.RefinementCtx,
  { path, message, mend }: { readonly path: Path; readonly message: string; readonly mend: string },
): void {
  context.addIssue({ code: "custom", path: [...path], message, params: faultEnd({ mend }) });
}
