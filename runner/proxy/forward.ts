import type { IncomingMessage, ServerResponse } from "node:http";

import type { Exchange } from "./exchange.ts";
import { freeWhenWritten } from "./free-when-written.ts";
import type { ProxyContext } from "./proxy-context.ts";
import { headerPairs, isCredential, requestHeaders } from "./request-headers.ts";
import { type Lane, LANE_HEADER, writeLane } from "./tape/lane.ts";
import { secretsInPath } from "./tape/redact-path.ts";
import { pathOn } from "./upstream-address.ts";
import { UpstreamCall } from "./upstream-call.ts";

/** Held bytes, a body that is passed on as it comes, or none. */
export type ForwardedBody = Buffer | IncomingMessage | null;

/** Sends a request to its upstream; the answer goes to the response as it comes. */
export function forward(
  context: ProxyContext,
  exchange: Exchange,
  call: {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly path: string;
    readonly body: ForwardedBody;
    /** Whether the body is another than the one that the request's headers speak of. */
    readonly isRewritten: boolean;
  },
): void {
  const { upstream, address } = exchange.destination;
  const handler = new UpstreamCall(context, exchange, call.response);
  exchange.isForwarded = true;
  const path = pathOn(address, call.path);
  const method = call.request.method ?? "GET";
  if (call.body === null || Buffer.isBuffer(call.body)) {
    record(context, exchange, { ...call, method, body: call.body ?? Buffer.alloc(0) });
  }
  if (Buffer.isBuffer(call.body) && context.recorder === null) freeWhenWritten(call.body);
  const lane = upstream.isTape === true ? [LANE_HEADER, writeLane(laneOf(exchange))] : [];
  context.pools.poolFor(address.origin).dispatch(
    {
      path,
      method,
      headers: [
        ...requestHeaders(call.request, upstream.auth, {
          isBodyRewritten: call.isRewritten,
          isPlain: exchange.reservation !== null && context.admission.observe !== undefined,
        }),
        ...lane,
      ],
      body: call.body,
    },
    handler,
  );
}

/** The path as the client wrote it: a replay stands in for the upstream, whatever its base path was. */
function record(
  { recorder }: ProxyContext,
  exchange: Exchange,
  {
    request,
    method,
    path,
    body,
  }: {
    readonly request: IncomingMessage;
    readonly method: string;
    readonly path: string;
    readonly body: Buffer;
  },
): void {
  if (recorder === null) return;
  exchange.recording = recorder.begin({
    method,
    path,
    subagentId: exchange.opening.subagentId,
    lane: laneOf(exchange),
    model: exchange.requestedModel,
    headers: request.rawHeaders,
    body,
    secrets: [...secretsOf(request, exchange), ...secretsInPath(path)],
  });
}

function laneOf({ opening }: Exchange): Lane {
  const { window, attempt, provider, folder = null } = opening.attempt.route;
  return { window, attempt, provider, folder };
}

/** What the client presented and what is put in; an agent may quote its own, an upstream either. */
function secretsOf({ rawHeaders }: IncomingMessage, exchange: Exchange): readonly string[] {
  const { auth } = exchange.destination.upstream;
  const shown = [...headerPairs(rawHeaders)]
    .filter(([name]) => isCredential(name))
    .map(([, value]) => value.replace(/^\w+ +/, ""));
  const { key } = exchange.opening.attempt;
  return [...shown, key, ...(auth.mode === "key" ? [auth.key] : [])];
}
