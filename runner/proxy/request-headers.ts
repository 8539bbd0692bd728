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
  { rawHeaders, headers }: IncomingMessage,
  auth: UpstreamAuth,
  changes: RequestChanges,
): string[] {
  const named = namedByConnection(headers.connection);
  const sent: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const key = name.toLowerCase();
    if (isHopByHop(key, named) || staysHere(key, auth, changes)) continue;
    sent.push(name, rawHeaders[index + 1] ?? "");
  }
  if (auth.mode === "key") sent.push(...credential(auth));
  return sent;
}

function staysHere(
  key: string,
  auth: UpstreamAuth,
  { isBodyRewritten, isPlain }: RequestChanges,
): boolean {
  if (key === "host" || key === "expect") return true;
  if (auth.mode === "key" && CREDENTIALS.has(key)) return true;
  return (isBodyRewritten && BODY_HEADERS.has(key)) || (isPlain && key === "accept-encoding");
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
