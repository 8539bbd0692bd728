import type { SecureContext } from "node:tls";

import { ConfigurationError } from "../environment/configuration-error.ts";
import type { Environment } from "../environment/environment.ts";
import { decoded } from "../redaction/redact.ts";
import { surelySecretIn } from "../redaction/secret-values.ts";
import { readCaFiles, trustCaFiles } from "./ca-files.ts";
import { type HostPort, readHostList } from "./host-list.ts";

/** A proxy that leads out of a company's network. */
export interface CompanyProxy extends HostPort {
  /** Whether the proxy itself speaks TLS. */
  readonly isSecure: boolean;
  /** The value of the header that names its user; null if it has none. */
  readonly authorization: string | null;
  /** Its address without user and password. */
  readonly shown: string;
  /** The variable that names it. */
  readonly variable: string;
}

/** What a company's network asks of connections to other machines. */
export interface CompanyNetwork {
  /**
   * The proxy for a host; null if it is reached without one.
   * @throws ConfigurationError if the variable names no proxy.
   */
  proxyFor(scheme: Scheme, asked: HostPort): CompanyProxy | null;
  /**
   * What TLS trusts; undefined for Node's own authorities.
   * @throws ConfigurationError if a file of authorities can't be read.
   */
  secureContext(): SecureContext | undefined;
}

type Scheme = keyof typeof PORTS;

const PORTS = { http: 80, https: 443 } as const;
const SCHEMES = ["https", "http"] as const satisfies readonly Scheme[];
/** No proxy leads back to this machine. */
const isOwnMachine = readHostList("localhost 127.0.0.0/8 ::1");

type Variables = Environment["variables"];

/** Reads the variables by which companies say how their network is left. Names in lower case win, as in curl. */
export function readCompanyNetwork(place: Pick<Environment, "variables" | "cwd">): CompanyNetwork {
  const proxies = new Map(namedProxies(place.variables).map((one) => [one.scheme, one]));
  const isExempt = readHostList(exemptHosts(place.variables));
  let trusted: { readonly context: SecureContext | undefined } | undefined;
  return {
    proxyFor: (scheme, asked) => {
      const named = proxies.get(scheme);
      if (named === undefined || isOwnMachine(asked) || isExempt(asked)) return null;
      return readProxy(named);
    },
    secureContext: () => (trusted ??= { context: trustCaFiles(readCaFiles(place)) }).context,
  };
}

/** A machine without such variables. */
export const NO_COMPANY: CompanyNetwork = readCompanyNetwork({ variables: {}, cwd: "/" });

/** A host, and the scheme by which it is asked. */
interface AskedHost {
  readonly scheme: Scheme;
  readonly asked: HostPort;
}

export function hostOf(url: URL): AskedHost {
  const scheme = url.protocol === "https:" ? "https" : "http";
  const port = url.port === "" ? PORTS[scheme] : Number(url.port);
  return { scheme, asked: { host: url.hostname, port } };
}

/** @throws ConfigurationError if what the variables name for this host can't be used. */
export function assertReachable({ scheme, asked }: AskedHost, network: CompanyNetwork): void {
  network.proxyFor(scheme, asked);
  if (scheme === "https" && !isOwnMachine(asked)) network.secureContext();
}

interface NamedProxy {
  readonly scheme: Scheme;
  readonly variable: string;
  readonly value: string;
}

/** The proxies that the variables name. NODE_USE_ENV_PROXY=0 asks programs for Node to use none. */
export function namedProxies(variables: Variables): readonly NamedProxy[] {
  if (variables["NODE_USE_ENV_PROXY"] === "0") return [];
  return SCHEMES.flatMap((scheme) => {
    const { name: variable, value } = eitherCase(`${scheme}_proxy`, variables);
    return value === "" ? [] : [{ scheme, variable, value }];
  });
}

/** The hosts that are reached without a proxy, as written. */
export function exemptHosts(variables: Variables): string {
  return eitherCase("no_proxy", variables).value;
}

function eitherCase(lower: string, variables: Variables) {
  const name = variables[lower] === undefined ? lower.toUpperCase() : lower;
  return { name, value: variables[name]?.trim() ?? "" };
}

/** @throws ConfigurationError if the variable names no proxy. */
export function readProxy({ variable, value }: NamedProxy): CompanyProxy {
  const url = URL.parse(HAS_SCHEME.test(value) ? value : `http://${value}`);
  if (url === null || !/^https?:$/u.test(url.protocol) || url.hostname === "") {
    throw new ConfigurationError(
      `${variable}: expected the address of an HTTP proxy, got ${masked(value)}. Write for instance http://proxy.example.com:3128, or unset ${variable}.`,
    );
  }
  const { scheme, asked } = hostOf(url);
  const user = `${decoded(url.username)}:${decoded(url.password)}`;
  const isNamed = user !== ":";
  return {
    ...asked,
    isSecure: scheme === "https",
    authorization: isNamed ? `Basic ${Buffer.from(user).toString("base64")}` : null,
    shown: `${scheme}://${isNamed ? HIDDEN : ""}${url.host}`,
    variable,
  };
}

const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//iu;
const HIDDEN = "***@";

function masked(value: string): string {
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/iu, `$1${HIDDEN}`);
}

/** The passwords of the proxies, and the addresses that hold them. */
export function secretsOfProxies(variables: Variables): readonly string[] {
  const named = ["https_proxy", "http_proxy"].map((name) => eitherCase(name, variables).value);
  const addresses = named.map((value) => (HAS_SCHEME.test(value) ? value : `http://${value}`));
  return surelySecretIn(
    Object.fromEntries(addresses.map((address, index) => [`${index}`, address])),
  );
}
