import type { IncomingMessage, ServerResponse } from "node:http";

import type { Dispatcher } from "undici";

import { headerPairs } from "../../platform/http/header-pairs.ts";
import { secretsInPath } from "../../platform/redaction/redact.ts";
import { spellingsOf } from "../../platform/redaction/secret-spellings.ts";
import { AskedOnce } from "./chat-usage/usage-asker.ts";
import type { Exchange, Wanted } from "./exchange.ts";
import { isCredential, requestHeaders } from "./headers.ts";
import type { ProxyContext } from "./proxy.ts";
import type { ExchangeRecorder } from "./recording/record.ts";
import { LANE_HEADER, type Lane, writeLane } from "./recording/recorded-exchange.ts";
import { UpstreamCall } from "./upstream-call.ts";
import { freeWhenWritten } from "./upstream-pools.ts";
import { pathOn } from "./upstream.ts";

/** A request that is ready for its upstream. */
export interface ForwardedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Path and query as the client wrote them. */
  readonly path: string;
  readonly wanted: Wanted;
  /** Null if no budget counts the request. */
  readonly reservation: string | null;
  /** Held bytes, a body that passes as it comes, or none. */
  readonly body: Buffer | IncomingMessage | null;
  /** Whether the request's headers describe another body. */
  readonly isRewritten: boolean;
  /** The same without the proxy's own question for the usage; absent if the proxy asks nothing. */
  readonly unasked?: SentBody | null;
}

type SentBody = Pick<ForwardedRequest, "body" | "isRewritten">;

/** Sends a request to its upstream. The answer goes to the response as it comes. */
export function forward(context: ProxyContext, exchange: Exchange, call: ForwardedRequest): void {
  const { request, response, wanted, reservation, body, unasked = null } = call;
  const { destination } = wanted;
  const { upstream, address } = destination;
  const { window, attempt, provider, folder = null } = exchange.opening.attempt.route;
  const lane: Lane = { window, attempt, provider, folder };
  const recording = record(context, exchange, { request, path: call.path, wanted, body, lane });
  const hidesUsage = unasked !== null;
  const parts = { response, destination, reservation, recording, hidesUsage };
  const handler = new UpstreamCall(context, exchange, parts);
  exchange.forwarded(wanted, reservation, handler);
  // An event can be left out of a plain stream only, or added to it.
  const isPlain = hidesUsage || (reservation !== null && context.admission.observe !== undefined);
  const send = (sent: SentBody, to: Dispatcher.DispatchHandler): void => {
    if (Buffer.isBuffer(sent.body) && context.recorder === null) freeWhenWritten(sent.body);
    const changes = { isBodyRewritten: sent.isRewritten, isPlain };
    context.pools.poolFor(address.origin).dispatch(
      {
        path: pathOn(address, call.path),
        method: request.method ?? "GET",
        headers: [
          ...requestHeaders(request, upstream.auth, changes),
          ...(upstream.isToldLane === true ? [LANE_HEADER, writeLane(lane)] : []),
        ],
        body: sent.body,
      },
      to,
    );
  };
  if (unasked === null) return send(call, handler);
  const asked = new AskedOnce(handler, {
    sendUnasked: () => send(unasked, asked),
    onRefusing: () => context.usageAsker.refusedBy(wanted),
  });
  send(call, asked);
}

type RecordedRequest = Pick<ForwardedRequest, "request" | "path" | "wanted" | "body"> & {
  readonly lane: Lane;
};

/** Records the path as the client wrote it, because a replay has no base path. */
function record(
  { recorder, secrets }: ProxyContext,
  { opening }: Exchange,
  { request, path, wanted, body, lane }: RecordedRequest,
): ExchangeRecorder | null {
  // The recorder can't keep a body that passes as it comes.
  if (recorder === null || (body !== null && !Buffer.isBuffer(body))) return null;
  const { auth } = wanted.destination.upstream;
  const shown = [...headerPairs(request.rawHeaders)]
    .filter(([name]) => isCredential(name))
    .map(([, value]) => value.replace(/^\w+ +/, ""));
  const key = auth.mode === "key" ? [auth.key] : [];
  return recorder.begin({
    method: request.method ?? "GET",
    path,
    subagent_id: opening.subagentId,
    lane,
    model: wanted.model,
    headers: request.rawHeaders,
    body: body ?? Buffer.alloc(0),
    // An agent may quote its own credentials, and an upstream ours.
    secrets: [
      ...spellingsOf([...shown, opening.attempt.key, ...key, ...secretsInPath(path)]),
      ...secrets(),
    ],
  });
}
