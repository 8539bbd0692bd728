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
  | {
      readonly mode: "key";
      readonly key: string;
      readonly header: "x-api-key" | "bearer" | "x-goog-api-key";
    };

export type UpstreamAddress = ReturnType<typeof upstreamAddress>;

/** An upstream's base URL is unusable. */
class UpstreamUrlError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;

  constructor(upstream: string) {
    super(
      `upstream "${upstream}": expected "base_url" to be an http or https URL without user, password, query and fragment. Write for instance https://api.anthropic.com.`,
    );
  }
}

/** The origin has a pool of connections. The base path, without a closing slash, begins every path. */
export function upstreamAddress({ name, baseUrl }: Pick<Upstream, "name" | "baseUrl">) {
  const url = URL.parse(baseUrl);
  const isPlain = url && `${url.username}${url.password}${url.search}${url.hash}` === "";
  if (!isPlain || !/^https?:$/.test(url.protocol)) throw new UpstreamUrlError(name);
  const { origin, hostname, pathname } = url;
  return { origin, hostname, basePath: pathname.replace(/\/+$/, "") };
}

/** The path on the upstream. If the base and the client's path both have a `/v1`, it stands once. */
export function pathOn({ basePath }: UpstreamAddress, path: string): string {
  const base = path.startsWith("/v1/") ? basePath.replace(/\/v1$/, "") : basePath;
  return base + path;
}
