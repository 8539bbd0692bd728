import { isHopByHop, namedByConnection } from "./hop-by-hop.ts";
import { plainId } from "./plain-id.ts";

/** A client that is told to wait longer than this may hang for good (Codex, opencode, Qwen). */
const RETRY_AFTER_S_MAX = 60;

export interface AnswerHead {
  /** Names and values in turn, as they are sent on. */
  readonly headers: readonly string[];
  readonly contentType: string;
  readonly contentEncoding: string;
  readonly upstreamRequestId: string | null;
}

/** Prepares an upstream's headers for the client: its request id becomes ours, the rest passes. */
export function answerHead(
  raw: readonly string[],
  requestId: { readonly header: string; readonly traceId: string } | null,
): AnswerHead {
  const named = namedByConnection(valueOf(raw, "connection"));
  const headers: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? "";
    const value = raw[index + 1] ?? "";
    const key = name.toLowerCase();
    if (isHopByHop(key, named) || isLongWait(key, value) || key === requestId?.header) continue;
    headers.push(name, value);
  }
  if (requestId !== null) headers.push(requestId.header, requestId.traceId);
  return {
    headers,
    contentType: valueOf(raw, "content-type") ?? "",
    contentEncoding: valueOf(raw, "content-encoding") ?? "",
    upstreamRequestId: plainId(valueOf(raw, "request-id") ?? valueOf(raw, "x-request-id")),
  };
}

/** The first header of that name, which is in lower case. */
function valueOf(raw: readonly string[], key: string): string | undefined {
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index];
    if (name?.length === key.length && name.toLowerCase() === key) return raw[index + 1];
  }
  return undefined;
}

function isLongWait(key: string, value: string): boolean {
  return key === "retry-after" && !(Number(value) <= RETRY_AFTER_S_MAX);
}
