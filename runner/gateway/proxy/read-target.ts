/** The attempt of a request, and the path and query that go upstream. */
export interface RequestTarget {
  readonly key: string;
  /** Path and query as the client wrote them, without the prefix. */
  readonly upstreamPath: string;
  /**
   * The path in one spelling for comparisons: lower case, decoded, without parameters after a semicolon,
   * white space, doubled and closing slashes.
   */
  readonly path: string;
  /** The vendor's host that an intercepted client asks; empty for a request to an attempt address. */
  readonly host: string;
}

interface Intercepted {
  readonly key: string;
  readonly host: string;
}

/**
 * Reads `/w/<key>/<path>?<query>`, or a plain path if an intercepted connection brought the key.
 * Null if the target has no key.
 */
export function readTarget(url: string, intercepted?: Intercepted): RequestTarget | null {
  const [, written, rest = ""] = /^\/w\/([^/?#]*)(.*)$/s.exec(url) ?? [];
  if (intercepted !== undefined) return url.startsWith("/") ? targetOf(intercepted, url) : null;
  if (written === undefined) return null;
  return targetOf({ key: written, host: "" }, rest.startsWith("/") ? rest : `/${rest}`);
}

function targetOf(from: Intercepted, upstreamPath: string): RequestTarget {
  const path = decode(upstreamPath.split(/[?#]/, 1)[0] ?? "");
  const segments = path.split(/[/\\]/).map((segment) => segment.replace(/;.*$/s, "").trim());
  const spelled = `/${segments.filter((segment) => segment !== "").join("/")}`;
  return { ...from, upstreamPath, path: spelled.toLowerCase() };
}

function decode(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The path with another model, for a dialect that names it there. */
export function withModel(path: string, model: string): string {
  return path.replace(
    /(\/models\/)[^/:?]+/i,
    (_, before: string) => before + encodeURIComponent(model),
  );
}

/** Whether a path has dot segments, so that it could leave the upstream's base path. */
export function climbs(path: string): boolean {
  return path.split(/[/\\]/).some((segment) => segment === ".." || segment === ".");
}
