import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import { listenOnLoopback } from "../../../platform/http/listen-on-loopback.ts";

interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  /** Whether its answer was broken off before its end. */
  readonly isBroken: () => boolean;
}

export type Respond = (
  response: ServerResponse,
  request: ReceivedRequest,
  nth: number,
) => void | Promise<void>;

export interface FakeUpstream {
  readonly origin: string;
  readonly requests: readonly ReceivedRequest[];
  stop(): Promise<void>;
}

/** An upstream that answers as a test wants. */
export async function startFakeUpstream(respond: Respond): Promise<FakeUpstream> {
  const requests: ReceivedRequest[] = [];
  const server = createServer({ maxHeaderSize: 128 * 1024 }, (request, response) => {
    response.on("error", () => undefined);
    const answer = async (): Promise<void> => {
      const received = await receive(request, response);
      requests.push(received);
      await respond(response, received, requests.length);
    };
    void answer();
  });
  server.maxHeadersCount = 0;
  const origin = await listenOnLoopback(server);
  return {
    origin,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
  } catch {
    // A body that breaks off is kept as far as it came.
  }
  return {
    method: request.method ?? "",
    url: request.url ?? "",
    rawHeaders: request.rawHeaders,
    headers: request.headers,
    body: Buffer.concat(chunks),
    isBroken: () => response.destroyed && !response.writableFinished,
  };
}
