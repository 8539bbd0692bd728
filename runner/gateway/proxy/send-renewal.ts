import type { IncomingMessage, ServerResponse } from "node:http";

import { headerPairs } from "../../platform/http/header-pairs.ts";
import { type Exchange, endOfCall } from "./exchange.ts";
import { answerHead, isCredential, requestHeaders } from "./headers.ts";
import { decodeBody } from "./metering/decode-bytes.ts";
import { failure, giveAnswer } from "./own-answer.ts";
import type { ProxyContext } from "./proxy.ts";
import { type Renewals, readIssued, type TokenRequest } from "./renewal/renewal.ts";
import type { Destination } from "./routes/route.ts";

export const TOKEN_REQUEST_BYTES_MAX = 64 * 1024;
const ANSWER_BYTES_MAX = 1024 * 1024;
const LIMIT_MS = 60_000;
const BAD_GATEWAY = 502;

interface RenewalCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly renewals: Renewals;
  /** The vendor's host. */
  readonly destination: Destination;
  readonly asked: TokenRequest;
}

/** Nothing breaks a renewal off: its answer may be the only one that has the next token. */
const UNBROKEN = { breakOff: () => undefined };

/** Asks the vendor for new tokens. Whoever lent the log-in sees the answer before the client gets it. */
export async function sendRenewal(
  context: ProxyContext,
  exchange: Exchange,
  call: RenewalCall,
): Promise<void> {
  const { response, renewals, destination, asked } = call;
  exchange.forwarded({ model: null, destination }, null, UNBROKEN);
  const answer = await ask(context, call).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  const status = answer instanceof Error ? null : answer.status;
  const issued = answer instanceof Error ? null : await issuedBy(answer);
  renewals.take({ presented: asked.presented, issued, status: status ?? 0 });
  const isClientGone = response.destroyed;
  const error = answer instanceof Error ? answer : null;
  exchange.settle({
    ...endOfCall({
      isModelRequest: false,
      isSent: true,
      status,
      failure: error,
      isClientGone,
      reading: null,
    }),
    reading: null,
    refusal: null,
    isClientGone,
    firstByteMonotonicMs: null,
    upstreamRequestId: null,
  });
  if (answer instanceof Error) {
    giveAnswer(response, failure(null, BAD_GATEWAY, "The vendor's server gave no answer."), null);
    return;
  }
  response.writeHead(answer.status, [...answerHead(answer.headers, null).headers]);
  response.end(answer.bytes);
}

async function issuedBy({ status, encoding, bytes }: Answer) {
  return readIssued(status, await decodeBody(bytes, encoding, ANSWER_BYTES_MAX));
}

interface Answer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly encoding: string;
  readonly bytes: Buffer;
}

async function ask(
  { pools }: ProxyContext,
  { request, renewals, destination: { address }, asked }: RenewalCall,
): Promise<Answer> {
  const { statusCode, headers, body } = await pools.poolFor(address.origin).request({
    method: "POST",
    path: renewals.path,
    headers: headersFor(request, asked),
    body: asked.body,
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += Buffer.byteLength(chunk);
    if (bytes > ANSWER_BYTES_MAX) throw new Error("The answer is too large.");
    chunks.push(Buffer.from(chunk));
  }
  const raw = Object.entries(headers).flatMap(([name, value = ""]) =>
    [value].flat().flatMap((one) => [name, one]),
  );
  const encoding = String(headers["content-encoding"] ?? "");
  return { status: statusCode, headers: raw, encoding, bytes: Buffer.concat(chunks) };
}

/** The client's own headers, apart from credentials: only the token in the body is to decide. */
function headersFor(request: IncomingMessage, { contentType }: TokenRequest): string[] {
  const own = requestHeaders(
    request,
    { mode: "inherit" },
    { isBodyRewritten: true, isPlain: true },
  );
  const passed = [...headerPairs(own)].filter(
    ([name]) => !isCredential(name) && name.toLowerCase() !== "content-type",
  );
  return [...passed.flat(), "content-type", contentType];
}
