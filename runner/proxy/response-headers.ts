import { isHopByHop, namedByConnection } from "./hop-by-hop.ts";
import { plainId } from "./plain-id.ts";
import { headerPairs } from "./request-headers.ts";

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
  const pairs = [...headerPairs(raw)].map(([name, value]) => ({
    name,
    key: name.toLowerCase(),
    value,
  }));
  const valueOf = (key: string): string | undefined =>
    pairs.find((pair) => pair.key === key)?.value;
  const named = namedByConnection(valueOf("connection"));
  const headers = pairs
    .filter(({ key, value }) => !isHopByHop(key, named) && !isLongWait(key, value))
    .filter(({ key }) => key !== requestId?.header)
    .flatMap(({ name, value }) => [name, value]);
  if (requestId !== null) headers.push(requestId.header, requestId.traceId);
  return {
    headers,
    contentType: valueOf("content-type") ?? "",
    contentEncoding: valueOf("content-encoding") ?? "",
    upstreamRequestId: plainId(valueOf("request-id") ?? valueOf("x-request-id")),
  };
}

function isLongWait(key: string, value: string): boolean {
  return key === "retry-after" && !(Number(value) <= RETRY_AFTER_S_MAX);
}
