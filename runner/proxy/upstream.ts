import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { EXIT } from "../../ledger/domain/exit-codes.ts";

/** A server that answers requests of a model API, as the configuration names it. */
export interface Upstream {
  readonly name: string;
  /** The proxy appends paths such as `/v1/messages`. A base path and a closing `/v1` are allowed. */
  readonly baseUrl: string;
  readonly auth: UpstreamAuth;
  /** Requests that may start in a second, from all attempts together. More requests wait. */
  readonly requestsPerS?: number;
  /** Whether it is a recording that answers by the lane of a request, so the proxy tells it the lane. */
  readonly isToldLane?: boolean;
}

/** `inherit` passes the client's own credential on; `key` removes it and sends this key instead. */
export type UpstreamAuth =
  | { readonly mode: "inherit" }
  | { readonly mode: "key"; readonly key: string; readonly header: "x-api-key" | "bearer" };

export interface UpstreamAddress {
  /** Scheme, host and port: each origin has a pool of connections. */
  readonly origin: string;
  readonly hostname: string;
  /** Stands before every path; without a closing slash. */
  readonly basePath: string;
}

/** An upstream's base URL is unusable. */
class UpstreamUrlError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;

  constructor(upstream: string) {
    super(
      `upstream "${upstream}": expected "base_url" to be an http or https URL without user, password, query and fragment. Write for instance https://api.anthropic.com.`,
    );
  }
}

export function upstreamAddress({
  name,
  baseUrl,
}: Pick<Upstream, "name" | "baseUrl">): UpstreamAddress {
  const url = URL.parse(baseUrl);
  if (url === null || !isPlain(url)) throw new UpstreamUrlError(name);
  const { origin, hostname, pathname } = url;
  return { origin, hostname, basePath: pathname.replace(/\/+$/, "") };
}

function isPlain({ protocol, username, password, search, hash }: URL): boolean {
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === "";
}

/** The path on the upstream. If the base and the client's path both have a `/v1`, it stands once. */
export function pathOn({ basePath }: UpstreamAddress, path: string): string {
  const base = path.startsWith("/v1/") ? basePath.replace(/\/v1$/, "") : basePath;
  return base + path;
}
