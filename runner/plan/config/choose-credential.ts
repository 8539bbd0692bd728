import type { z } from "zod";

import { type AgentEntry, driverOfEntry, vendorFor } from "../../agents/drivers/registry.ts";
import {
  type KeyHeader,
  OWN_UPSTREAMS,
  vendorNamed,
  vendorOfHost,
  vendorOfVariable,
} from "../../gateway/proxy/vendors.ts";
import type { FaultEnd } from "../../platform/yaml/field-hints.ts";
import type { Credential } from "./configuration.ts";
import type { ExperimentFields } from "./experiment-fields.ts";

type Upstreams = z.infer<typeof ExperimentFields>["upstreams"];

/** The part of a provider that decides on its credential. */
interface Asking extends AgentEntry {
  readonly auth?: string | undefined;
}

/** The address of an upstream of the file, or of one that exists without being configured. */
function addressOf(name: string, upstreams: Upstreams): string | undefined {
  if (Object.hasOwn(upstreams, name)) return upstreams[name]?.base_url;
  return Object.entries(OWN_UPSTREAMS).find(([own]) => own === name)?.[1].baseUrl;
}

/** How a provider's requests authenticate at an upstream. */
export function chooseCredential(asking: Asking, name: string, upstreams: Upstreams): Credential {
  const upstream = Object.hasOwn(upstreams, name) ? upstreams[name] : undefined;
  if (upstream?.scripted !== undefined) return { mode: "scripted" };
  const host = hostnameOf(addressOf(name, upstreams));
  const chosen = asking.auth ?? upstream?.auth ?? defaultAuth(asking, host);
  if (chosen === "inherit") return { mode: "inherit" };
  const variable = chosen.slice("env ".length);
  return { mode: "variable", variable, header: upstream?.header ?? headerFor(asking, host) };
}

function headerFor(asking: Asking, host: string): KeyHeader {
  const own = vendorNamed(vendorFor(asking));
  return vendorOfHost(host)?.header ?? own?.header ?? "x-api-key";
}

/** An agent without a log-in that it can lend takes the key of the host's vendor. */
function defaultAuth(asking: Asking, host: string): string {
  if (driverOfEntry(asking).findLogin !== undefined) return "inherit";
  const { keyVariable } = vendorOfHost(host) ?? vendorNamed(vendorFor(asking)) ?? {};
  return `env ${keyVariable ?? "ANTHROPIC_API_KEY"}`;
}

interface Stray extends FaultEnd {
  readonly expected: string;
  /** Whether the provider chose the credential, and not its upstream. */
  readonly isOfProvider: boolean;
}

/** A message about a credential that would go to the host of another vendor; null if none would. */
export function strayCredential(asking: Asking, name: string, upstreams: Upstreams): Stray | null {
  const credential = chooseCredential(asking, name, upstreams);
  const host = hostnameOf(addressOf(name, upstreams));
  const to = vendorOfHost(host);
  const isSaidThere = Object.hasOwn(upstreams, name) && upstreams[name]?.auth !== undefined;
  const isOfProvider = asking.auth !== undefined || !isSaidThere;
  if (to === undefined) {
    const isDefault = asking.auth === undefined && !isSaidThere && credential.mode === "variable";
    if (!isDefault || isLoopback(host)) return null;
    const mend = "Write e.g. auth: env API_KEY.";
    return { expected: `a credential for ${host}`, got: "nothing", mend, isOfProvider };
  }
  const { vendor, shown } = originOf(credential, asking);
  if (vendor === undefined || vendor === to.name) return null;
  const mend = `Write e.g. auth: env ${to.keyVariable}, or name another upstream.`;
  return {
    expected: `a credential of ${to.name}`,
    got: `${vendor}'s ${shown}`,
    mend,
    isOfProvider,
  };
}

/** The vendor whose credential it is, if its name or its driver says so. */
function originOf(credential: Credential, asking: Asking) {
  switch (credential.mode) {
    case "scripted":
      return { vendor: undefined, shown: "" };
    case "inherit":
      return { vendor: vendorFor(asking), shown: "log-in" };
    case "variable": {
      const { variable } = credential;
      return { vendor: vendorOfVariable(variable)?.name, shown: variable };
    }
  }
}

function hostnameOf(address: string | undefined): string {
  return URL.parse(address ?? "")?.hostname ?? "";
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.[\d.]+$/.test(hostname);
}
