import { CounterbalanceError } from "../../ledger/domain/errors.ts";

export interface UpstreamAddress {
  /** Scheme, host and port: what a pool of connections is for. */
  readonly origin: string;
  readonly hostname: string;
  /** Put before every path; without a closing slash. */
  readonly basePath: string;
}

/** An upstream's base URL that can't be used. */
class UpstreamUrlError extends CounterbalanceError {
  readonly exitCode = 2;

  constructor(upstream: string) {
    super(
      `upstream "${upstream}": expected "base_url" to be an http or https URL without user, password, query and fragment. Write for instance https://api.anthropic.com.`,
    );
  }
}

export function upstreamAddress(upstream: {
  readonly name: string;
  readonly baseUrl: string;
}): UpstreamAddress {
  const url = URL.parse(upstream.baseUrl);
  if (url === null || !isPlain(url)) throw new UpstreamUrlError(upstream.name);
  return {
    origin: url.origin,
    hostname: url.hostname,
    basePath: url.pathname.replace(/\/+$/, ""),
  };
}

function isPlain(url: URL): boolean {
  return (
    (url.protocol === "http:" || url.protocol === "https:") &&
    url.username === "" &&
    url.password === "" &&
    url.search === "" &&
    url.hash === ""
  );
}

/** The path on the upstream; a `/v1` that both the base and the client's path have is written once. */
export function pathOn(address: UpstreamAddress, path: string): string {
  const base =
    address.basePath.endsWith("/v1") && path.startsWith("/v1/")
      ? address.basePath.slice(0, -"/v1".length)
      : address.basePath;
  return base + path;
}
