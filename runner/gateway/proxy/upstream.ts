import { UsageError } from "../../../ledger/domain/errors.ts";

/** A server that answers requests of a model API, as the configuration names it. */
export interface Upstream {
  readonly name: string;
  /** The proxy appends paths such as `/v1/messages`. A base path and a closing version such as `/v1` are allowed. */
  readonly baseUrl: string;
  readonly auth: UpstreamAuth;
  /** Requests that may start in a second, from all attempts together. More requests wait. */
  readonly requestsPerS?: number;
  /** Whether it is a recording that answers by the lane of a request, so the proxy gives it the lane. */
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
class UpstreamUrlError extends UsageError {
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

const VERSION_END = /\/v\d+[a-z]*$/i;
/** Clients of OpenAI's APIs have this `/v1` from the proxy's own address. */
const OF_OPENAI = /^\/v1(?=\/(?:chat|responses)(?:\/|$))/;

/**
 * The path on the upstream. If the base and the client's path both have the version, as in `/v1`, it is there once. The
 * address of an OpenAI-compatible API may end in another version, as in `/api/paas/v4`.
 */
export function pathOn({ basePath }: UpstreamAddress, path: string): string {
  const [version] = VERSION_END.exec(basePath) ?? [];
  if (version === undefined) return basePath + path;
  if (path.startsWith(`${version}/`)) return basePath + path.slice(version.length);
  return basePath + path.replace(OF_OPENAI, "");
}
