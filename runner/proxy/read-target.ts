/** What a request's target says: whose it is, and which path and query go upstream. */
export interface RequestTarget {
  readonly key: string;
  /** Path and query as the client wrote them, without the prefix. */
  readonly upstreamPath: string;
  /** The path in one spelling, to be recognised by: lower case, decoded, no doubled slashes. */
  readonly path: string;
}

const PREFIX = "/w/";

/** Reads `/w/<key>/<path>?<query>`; null where the target has no key; an intercepted connection has brought it. */
export function readTarget(url: string, interceptedKey?: string): RequestTarget | null {
  if (interceptedKey !== undefined) {
    return url.startsWith("/")
      ? { key: interceptedKey, upstreamPath: url, path: spell(url) }
      : null;
  }
  if (!url.startsWith(PREFIX)) return null;
  const end = url.slice(PREFIX.length).search(/[/?#]/);
  const key = end === -1 ? url.slice(PREFIX.length) : url.slice(PREFIX.length, PREFIX.length + end);
  const rest = url.slice(PREFIX.length + key.length);
  const upstreamPath = rest.startsWith("/") ? rest : `/${rest}`;
  return { key, upstreamPath, path: spell(upstreamPath) };
}

/** Whether a path climbs, and could leave the upstream's base path. */
export function climbs(path: string): boolean {
  return path.split(/[/\\]/).some((segment) => segment === ".." || segment === ".");
}

function spell(upstreamPath: string): string {
  const path = (upstreamPath.split(/[?#]/, 1)[0] ?? "").replaceAll(/\/{2,}/g, "/");
  return decode(path)
    .toLowerCase()
    .replace(/(.)\/$/, "$1");
}

function decode(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
