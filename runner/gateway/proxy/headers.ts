import type { IncomingMessage } from "node:http";

import { plainId } from "./client-ids.ts";
import type { RequestId } from "./own-answer.ts";
import type { UpstreamAuth } from "./upstream.ts";

/** Headers that concern one connection only and are never passed on (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Headers with which a client may prove its identity. */
const CREDENTIALS = new Set(["x-api-key", "authorization", "api-key", "x-goog-api-key", "cookie"]);

/** Headers that describe a body's bytes and are wrong for other bytes. */
const BODY_HEADERS = new Set(["content-length", "content-encoding", "content-md5", "digest"]);

/** With a longer wait, some clients hang for good (Codex, opencode, Qwen). */
const RETRY_AFTER_S_MAX = 60;

export function isCredential(header: string): boolean {
  return CREDENTIALS.has(header.toLowerCase());
}

/** Whether a header stays on this connection; its Connection header lists the `named` ones. */
export function isHopByHop(name: string, named: readonly string[]): boolean {
  return HOP_BY_HOP.has(name) || named.includes(name);
}

function namedByConnection(connection: string | undefined): readonly string[] {
  if (connection === undefined) return [];
  return connection
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "close" && name !== "keep-alive");
}

interface RequestChanges {
  /** Whether the proxy sends another body than the headers describe. */
  readonly isBodyRewritten: boolean;
  /** Whether the answer must come uncompressed, so that an event can end its stream. */
  readonly isPlain: boolean;
}

/** The headers to send on, names and values in turn: the client's own, in its order and spelling. */
export function requestHeaders(
  { rawHeaders, headers }: IncomingMessage,
  auth: UpstreamAuth,
  { isBodyRewritten, isPlain }: RequestChanges,
): string[] {
  const named = namedByConnection(headers.connection);
  const sent = passOn(
    rawHeaders,
    (key) =>
      isHopByHop(key, named) ||
      key === "host" ||
      key === "expect" ||
      (auth.mode === "key" && CREDENTIALS.has(key)) ||
      (isBodyRewritten && BODY_HEADERS.has(key)) ||
      (isPlain && key === "accept-encoding"),
  );
  if (auth.mode === "inherit") return sent;
  if (auth.header === "bearer") sent.push("authorization", `Bearer ${auth.key}`);
  else sent.push(auth.header, auth.key);
  return sent;
}

export type AnswerHead = ReturnType<typeof answerHead>;

/** Prepares an upstream's headers for the client: our request id replaces its own, the rest passes. */
export function answerHead(raw: readonly string[], requestId: RequestId | null) {
  const named = namedByConnection(valueOf(raw, "connection"));
  const headers = passOn(
    raw,
    (key, value) =>
      isHopByHop(key, named) ||
      key === requestId?.header ||
      (key === "retry-after" && !(Number(value) <= RETRY_AFTER_S_MAX)),
  );
  if (requestId !== null) headers.push(requestId.header, requestId.traceId);
  return {
    /** Names and values in turn, as the proxy sends them on. */
    headers,
    contentType: (valueOf(raw, "content-type") ?? "").toLowerCase(),
    contentEncoding: (valueOf(raw, "content-encoding") ?? "").trim().toLowerCase(),
    upstreamRequestId: plainId(valueOf(raw, "request-id") ?? valueOf(raw, "x-request-id")),
  };
}

/** The headers of a stream from which an event may be left out. */
export function withoutLength(raw: readonly string[]): string[] {
  return passOn(raw, (key) => key === "content-length");
}

/** A loop over indexes, since every header of every request passes here. */
function passOn(raw: readonly string[], stays: (key: string, value: string) => boolean): string[] {
  const passed: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? "";
    const value = raw[index + 1] ?? "";
    if (!stays(name.toLowerCase(), value)) passed.push(name, value);
  }
  return passed;
}

/** The first header of that name, which is in lower case. */
function valueOf(raw: readonly string[], key: string): string | undefined {
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index];
    if (name?.length === key.length && name.toLowerCase() === key) return raw[index + 1];
  }
  return undefined;
}
