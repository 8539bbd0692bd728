import { reasonOf } from "../../../ledger/domain/errors.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { type CaFile, readCaFiles } from "../../platform/network/ca-files.ts";
import {
  assertReachable,
  exemptHosts,
  hostOf,
  namedProxies,
  readCompanyNetwork,
  readProxy,
} from "../../platform/network/company-network.ts";
import type { Configuration } from "../config/configuration.ts";
import type { CheckedPart } from "./checked-part.ts";

type Place = Pick<Environment, "variables" | "cwd">;

/**
 * Refuses settings of a company's network that an upstream of these providers needs and that can't be used.
 * @throws ConfigurationError naming the variable.
 */
export function refuseUnreachable(
  { providers, upstreams }: Pick<Configuration, "providers" | "upstreams">,
  place: Place,
): void {
  const network = readCompanyNetwork(place);
  const asked = providers.flatMap((provider) => [provider, ...provider.routes]);
  const names = new Set(asked.map(({ upstream }) => upstream));
  for (const upstream of upstreams) {
    if (upstream.kind !== "remote" || !names.has(upstream.name)) continue;
    const url = URL.parse(upstream.baseUrl);
    if (url !== null) assertReachable(hostOf(url), network);
  }
}

/** The same for hosts that are asked by TLS. */
export function refuseUnreachableHosts(hosts: readonly string[], place: Place): void {
  const network = readCompanyNetwork(place);
  for (const host of hosts) assertReachable(hostOf(new URL(`https://${host}`)), network);
}

/** What the variables say about the way out of a company's network. No host is asked. */
export function checkNetwork(environment: Place): readonly CheckedPart[] {
  return [checkProxies(environment), checkCertificates(environment)];
}

function checkProxies({ variables }: Place): CheckedPart {
  const part = "network";
  const named = namedProxies(variables);
  if (named.length === 0) {
    return { part, state: "ok", found: "no proxy: hosts are reached directly", mend: null };
  }
  try {
    const proxies = named.map((one) => `${one.variable} ${readProxy(one).shown}`);
    const exempt = exemptHosts(variables);
    const not = exempt === "" ? "this machine" : `this machine and ${exempt}`;
    return { part, state: "ok", found: `${proxies.join(", ")}; not for ${not}`, mend: null };
  } catch (error) {
    const found = named.map(({ variable }) => variable).join(" and ");
    return { part, state: "missing", found: `${found}, unusable`, mend: reasonOf(error) };
  }
}

function checkCertificates(environment: Place): CheckedPart {
  const part = "certificates";
  const files = readCaFiles(environment);
  if (files.length === 0) {
    return { part, state: "ok", found: "the authorities that Node trusts", mend: null };
  }
  const found = `those of Node, ${files.map(describe).join(", ")}`;
  const faulty = files.filter(({ fault }) => fault !== null).map(({ variable }) => variable);
  if (faulty.length === 0) return { part, state: "ok", found, mend: null };
  const mend = `Let ${faulty.join(" and ")} name a file of certificates in PEM, or unset it.`;
  return { part, state: "missing", found, mend };
}

function describe({ variable, file, certificates, fault }: CaFile): string {
  return `${variable} ${file} (${fault ?? `certificates: ${String(certificates)}`})`;
}
