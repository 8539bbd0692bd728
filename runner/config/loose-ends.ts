import type { z } from "zod";

import { DRIVER_NAMES } from "../drivers/registry.ts";
import { faultEnd } from "./field-hints.ts";
import { refuseLooseRoutes, type RoutedNames } from "./route-ends.ts";

/** The parts of a file that name one another. */
interface Names extends RoutedNames {
  readonly providers: Readonly<Record<string, NamedProvider>>;
  readonly baseline?: string | undefined;
  readonly upstreams: Readonly<Record<string, NamedUpstream>>;
}

interface NamedProvider {
  readonly driver: string;
  readonly model: string;
  readonly upstream?: string | undefined;
  readonly routes?: readonly string[] | undefined;
  readonly via?: string | undefined;
}

interface NamedUpstream {
  readonly auth?: string | undefined;
  readonly base_url?: string | undefined;
  readonly scripted?: Readonly<Record<string, unknown>> | undefined;
}

/** The upstream that is there without being configured. */
export const ANTHROPIC = "anthropic";

/** With more arms a Williams design needs more features than a bank has. */
const PROVIDERS_MAX = 6;

/** Refuses names that lead nowhere, and the wrong number of providers. */
export function refuseLooseEnds(names: Names, context: z.RefinementCtx): void {
  refuseWrongNumber(names, context);
  refuseUnknownBaseline(names, context);
  for (const [name, upstream] of Object.entries(names.upstreams)) {
    refuseTwofold(name, upstream, context);
  }
  for (const [id, provider] of Object.entries(names.providers)) {
    refuseUnknownDriver(id, provider, context);
    refuseInterception(id, provider, context);
    refuseUnknownUpstream({ id, provider, names }, context);
  }
  refuseLooseRoutes(names, context);
}

function refuseWrongNumber({ providers }: Names, context: z.RefinementCtx): void {
  const ids = Object.keys(providers);
  if (ids.length >= 2 && ids.length <= PROVIDERS_MAX) return;
  context.addIssue({
    code: "custom",
    path: ["providers"],
    message: `2 to ${String(PROVIDERS_MAX)} providers`,
    params: faultEnd({
      got: `${String(ids.length)} (${ids.join(", ") || "none"})`,
      mend:
        ids.length < 2 ? "Add another one to compare with." : "Compare fewer of them at a time.",
    }),
  });
}

function refuseUnknownBaseline({ providers, baseline }: Names, context: z.RefinementCtx): void {
  if (baseline === undefined || Object.hasOwn(providers, baseline)) return;
  context.addIssue({
    code: "custom",
    path: ["baseline"],
    message: "the name of a provider",
    params: faultEnd({ mend: `Write one of: ${Object.keys(providers).join(", ")}.` }),
  });
}

function refuseTwofold(name: string, upstream: NamedUpstream, context: z.RefinementCtx): void {
  const { base_url, scripted } = upstream;
  if ((base_url === undefined) !== (scripted === undefined)) return;
  context.addIssue({
    code: "custom",
    path: ["upstreams", name],
    message: "an address or a script",
    params: faultEnd({
      got: base_url === undefined ? "neither" : "both",
      mend: "Write either base_url or scripted.",
    }),
  });
}

function refuseUnknownDriver(
  id: string,
  { driver }: NamedProvider,
  context: z.RefinementCtx,
): void {
  if (DRIVER_NAMES.includes(driver)) return;
  context.addIssue({
    code: "custom",
    path: ["providers", id, "driver"],
    message: "the name of a driver",
    params: faultEnd({ mend: `Write one of: ${DRIVER_NAMES.join(", ")}.` }),
  });
}

/** The built-in agent is told its address and asks nowhere else. */
function refuseInterception(id: string, provider: NamedProvider, context: z.RefinementCtx): void {
  if (provider.via !== "mitm" || provider.driver !== "builtin-agent") return;
  context.addIssue({
    code: "custom",
    path: ["providers", id, "via"],
    message: "base-url for the built-in agent",
    params: faultEnd({ mend: "Leave it out." }),
  });
}

interface ProviderAmongNames {
  readonly id: string;
  readonly provider: NamedProvider;
  readonly names: Names;
}

function refuseUnknownUpstream(
  { id, provider, names: { upstreams } }: ProviderAmongNames,
  context: z.RefinementCtx,
): void {
  const { upstream = ANTHROPIC, model } = provider;
  const configured = Object.hasOwn(upstreams, upstream) ? upstreams[upstream] : undefined;
  if (configured === undefined && upstream !== ANTHROPIC) {
    const known = new Set([...Object.keys(upstreams), ANTHROPIC]);
    context.addIssue({
      code: "custom",
      path: ["providers", id, "upstream"],
      message: "the name of an upstream",
      params: faultEnd({
        mend: `Write one of: ${[...known].join(", ")}; or add it to "upstreams".`,
      }),
    });
  }
  const { scripted } = configured ?? {};
  if (scripted === undefined || Object.hasOwn(scripted, model)) return;
  context.addIssue({
    code: "custom",
    path: ["providers", id, "model"],
    message: `a model that the upstream "${upstream}" plays`,
    params: faultEnd({ mend: `Write one of: ${Object.keys(scripted).join(", ")}.` }),
  });
}
