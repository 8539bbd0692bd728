import type { IncomingMessage, Server, ServerResponse } from "node:http";

/** Several writes, because the first one only makes a system say that its client is gone. Go's clients take five. */
const PROBES_MAX = 4;
const PROBE_MS = 100;

/** Lets clients of a server end their side before they get their answers. */
export function allowHalfClosed(server: Server): Server {
  // The types of Node leave this setting out.
  return Object.assign(server, { httpAllowHalfOpen: true }).on("request", watchHalfClosed);
}

/**
 * A client that ends its side before its answer may wait for it, or be gone. Only a write shows which: the head
 * of status 100, which clients pass over. One that ends its side within its answer is gone.
 */
function watchHalfClosed(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  let timer: NodeJS.Timeout | undefined;
  const probe = (left: number): void => {
    if (left === 0 || response.headersSent || response.destroyed) return;
    response.writeContinue();
    timer = setTimeout(() => probe(left - 1), PROBE_MS).unref();
  };
  const onEnd = (): void => {
    if (response.headersSent) socket.end();
    // Earlier versions of HTTP do not know such heads.
    else if (request.httpVersion === "1.1") probe(PROBES_MAX);
  };
  if (socket.readableEnded) onEnd();
  else socket.once("end", onEnd);
  response.once("close", () => {
    clearTimeout(timer);
    socket.off("end", onEnd);
  });
}
