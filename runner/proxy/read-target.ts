/** The attempt of a request, and the path and query that go upstream. */
export interface RequestTarget {
  readonly key: string;
  /** Path and query as the client wrote them, without the prefix. */
  readonly upstreamPath: string;
  /** The path in one spelling for comparisons: lower case, decoded, no doubled slashes. */
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
  const path = (upstreamPath.split(/[?#]/, 1)[0] ?? "").replaceAll(/\/{2,}/g, "/");
  const spelled = decode(path)
    .toLowerCase()
    .replace(/(.)\/$/, "$1");
  return { ...from, upstreamPath, path: spelled };
}

function decode(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Whether a path has dot segments, so that it could leave the upstream's base path. */
export function climbs(path: string): boolean {
  return path.split(/[/\\]/).some((segment) => segment === ".." || segment === ".");
}

/** Requests that make a model work, and whose answers no meter can read. */
const UNCOUNTED: readonly RegExp[] = [
  // The results of a batch come hours later, by another request.
  /\/batches$/,
  /\/(?:embeddings|completions|complete|rerank|moderations)$/,
  /\/(?:images|audio|videos|fine_tuning|fine-tunes|threads|realtime|evals)(?:\/|$)/,
  // Gemini and Vertex: models/NAME:generateContent and similar; counting is free.
  /:(?!counttokens$)[a-z]+$/,
];

/**
 * Whether a request makes a model work in a way that the proxy can't count.
 * @param path in one spelling: lower case, decoded.
 */
export function isUncountedWork(method: string, path: string): boolean {
  return method === "POST" && UNCOUNTED.some((pattern) => pattern.test(path));
}
