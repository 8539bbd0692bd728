import type { z } from "zod";

import { driverNamed } from "../drivers/registry.ts";
import { OWN_UPSTREAMS, vendorNamed, vendorOfHost, vendorOfVariable } from "../proxy/vendors.ts";
import type { FaultEnd } from "../yaml/field-hints.ts";
import type { Credential } from "./configuration.ts";
import type { ExperimentFields } from "./experiment-fields.ts";

type Upstreams = z.infer<typeof ExperimentFields>["upstreams"];

/** The part of a provider that decides on its credential. */
interface Asking {
  readonly driver: string;
  readonly auth?: string | undefined;
}

/** The address of an upstream of the file, or of one that exists without being configured. */
function addressOf(name: string, upstreams: Upstreams): string | undefined {
  if (Object.hasOwn(upstreams, name)) return upstreams[name]?.base_url;
  return Object.entries(OWN_UPSTREAMS).find(([own]) => own === name)?.[1].baseUrl;
}

/** How a provider's requests authenticate at an upstream. */
export function chooseCredential(
  { driver, auth }: Asking,
  name: string,
  upstreams: Upstreams,
): Credential {
  const upstream = Object.hasOwn(upstreams, name) ? upstreams[name] : undefined;
  if (upstream?.scripted !== undefined) return { mode: "scripted" };
  const host = hostnameOf(addressOf(name, upstreams));
  const own = driverNamed(driver).vendor;
  const chosen = auth ?? upstream?.auth ?? defaultAuth(driver, host);
  if (chosen === "inherit") return { mode: "inherit" };
  const header = upstream?.header ?? vendorOfHost(host)?.header ?? vendorNamed(own)?.header;
  return {
    mode: "variable",
    variable: chosen.slice("env ".length),
    header: header ?? "x-api-key",
  };
}

/** A CLI has a log-in of its own. The built-in agent has none: it takes the key of the host's vendor. */
function defaultAuth(driver: string, host: string): string {
  if (driver !== "builtin-agent") return "inherit";
  return `env ${vendorOfHost(host)?.keyVariable ?? "ANTHROPIC_API_KEY"}`;
}

/** A message about a credential that would go to the host of another vendor; null if none would. */
export function strayCredential(
  { driver, auth }: Asking,
  name: string,
  upstreams: Upstreams,
): (FaultEnd & { readonly expected: string }) | null {
  const credential = chooseCredential({ driver, auth }, name, upstreams);
  if (credential.mode === "scripted") return null;
  const host = hostnameOf(addressOf(name, upstreams));
  const to = vendorOfHost(host);
  const isSaid = auth !== undefined || upstreams[name]?.auth !== undefined;
  if (credential.mode === "variable" && !isSaid && to === undefined && !isLoopback(host)) {
    const mend = "Write e.g. auth: env API_KEY.";
    return { expected: `a credential for ${host}`, got: "nothing", mend };
  }
  const from =
    credential.mode === "inherit"
      ? driverNamed(driver).vendor
      : vendorOfVariable(credential.variable)?.name;
  if (to === undefined || from === undefined || from === to.name) return null;
  const shown = credential.mode === "inherit" ? "log-in" : credential.variable;
  return {
    expected: `a credential of ${to.name}`,
    got: `${from}'s ${shown}`,
    mend: `Write e.g. auth: env ${to.keyVariable}, or name another upstream.`,
  };
}

function hostnameOf(address: string | undefined): string {
  return URL.parse(address ?? "")?.hostname ?? "";
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.[\d.]+$/.test(hostname);
}
