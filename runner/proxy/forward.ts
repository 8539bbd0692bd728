import type { IncomingMessage, ServerResponse } from "node:http";

import type { Exchange } from "./exchange.ts";
import type { ProxyContext } from "./proxy-context.ts";
import { requestHeaders } from "./request-headers.ts";
import { pathOn } from "./upstream-address.ts";
import { UpstreamCall } from "./upstream-call.ts";

/** Held bytes, a body that is passed on as it comes, or none. */
export type ForwardedBody = Buffer | IncomingMessage | null;

/** Sends a request to its attempt's upstream; the answer goes to the response as it comes. */
export function forward(
  context: ProxyContext,
  exchange: Exchange,
  call: {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly path: string;
    readonly body: ForwardedBody;
  },
): void {
  const { route, address } = exchange.opening.attempt;
  const handler = new UpstreamCall(context, exchange, call.response);
  exchange.isForwarded = true;
  context.pools.poolFor(address.origin).dispatch(
    {
      path: pathOn(address, call.path),
      method: call.request.method ?? "GET",
      headers: requestHeaders(call.request, route.upstream.auth),
      body: call.body,
    },
    handler,
  );
}
