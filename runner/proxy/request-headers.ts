import type { IncomingMessage } from "node:http";

import { isHopByHop, namedByConnection } from "./hop-by-hop.ts";
import type { UpstreamAuth } from "./proxy.ts";

/** Everything by which a client may prove who it is. */
const CREDENTIALS = new Set(["x-api-key", "authorization", "api-key", "x-goog-api-key", "cookie"]);

export function isCredential(header: string): boolean {
  return CREDENTIALS.has(header.toLowerCase());
}

/** What speaks of a body's bytes, and is not true of other ones. */
const BODY_HEADERS = new Set(["content-length", "content-encoding", "content-md5", "digest"]);

/** What is not sent on as it came. */
interface RequestChanges {
  /** Whether the body is another than the one that the headers speak of. */
  readonly isBodyRewritten: boolean;
  /** Whether the answer must come uncompressed, so that its stream can be ended by an event. */
  readonly isPlain: boolean;
}

/** Names and values in turn, as they are sent on: the client's own, in its order and spelling. */
export function requestHeaders(
  request: IncomingMessage,
  auth: UpstreamAuth,
  { isBodyRewritten, isPlain }: RequestChanges,
): string[] {
  const named = namedByConnection(request.headers.connection);
  const headers: string[] = [];
  for (const [name, value] of headerPairs(request.rawHeaders)) {
    const key = name.toLowerCase();
    if (key === "host" || key === "expect" || isHopByHop(key, named)) continue;
    if (auth.mode === "key" && CREDENTIALS.has(key)) continue;
    if (isBodyRewritten && BODY_HEADERS.has(key)) continue;
    if (isPlain && key === "accept-encoding") continue;
    headers.push(name, value);
  }
  if (auth.mode === "key") headers.push(...credential(auth));
  return headers;
}

function credential(auth: Extract<UpstreamAuth, { mode: "key" }>): readonly [string, string] {
  return auth.header === "bearer"
    ? ["authorization", `Bearer ${auth.key}`]
    : ["x-api-key", auth.key];
}

/** Raw headers, names and values in turn, as pairs. */
export function* headerPairs(raw: readonly string[]): Iterable<readonly [string, string]> {
  for (let index = 0; index + 1 < raw.length; index += 2) {
    yield [raw[index] ?? "", raw[index + 1] ?? ""];
  }
}
