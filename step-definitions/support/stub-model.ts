import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";

import { makeAuthority } from "../../ledger/store/postgres/test-support/certificates.ts";
import { freePort } from "../../ledger/store/postgres/test-support/free-port.ts";
import { listenOnLoopback } from "../../runner/platform/http/listen-on-loopback.ts";

/** In place of a status: the answer begins with status 200 and breaks off. */
const BREAKS_OFF = 0;

/** Statuses of a stub's answers, one a request, the last one for ever; no list takes no connection. */
export const SERVER_FAULTS: Readonly<Record<string, readonly number[]>> = {
  "answers 429 for ever": [429],
  "answers 429 twice without a reset": [429, 429, 200],
  "answers 500 for ever": [500],
  "answers 400 for ever": [400],
  "answers 503 once": [503, 200],
  "breaks off every answer": [BREAKS_OFF],
  "breaks off its second answer": [200, BREAKS_OFF, 200],
  "answers 500 three times": [500, 500, 500, 200],
  "answers 429 three times and resets in a second": [429, 429, 429, 200],
  "answers 429 and resets in 5 hours": [429],
  "answers 401 once": [401, 200],
  "answers once and then 401": [200, 401],
  "answers 401 and then 500 twice": [401, 500, 500, 200],
  "answers 401 for ever": [401],
  "answers 403 for ever": [403],
  "answers once and then 404": [200, 404],
  "answers 404 for ever": [404],
  "answers 404 once": [404, 200],
  "takes no connection": [],
  "has a certificate that nobody knows": [200],
};

/** Faults whose servers speak TLS, with a certificate of an authority of their own. */
export const FAULTS_OF_TLS: ReadonlySet<string> = new Set(["has a certificate that nobody knows"]);

/** What the answers of a fault say in addition to their status. */
export const FAULT_HEADERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "answers 429 three times and resets in a second": { "retry-after": "1" },
  "answers 429 and resets in 5 hours": { "retry-after": "18000" },
};

/** What one answer of the stub takes. */
const USAGE = { input_tokens: 100, output_tokens: 30 };

/** A model of one sentence, or of one error: for agents that are made up as well. */
export async function startStubModel(
  statuses: readonly number[],
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly url: string; readonly stop: () => void }> {
  if (statuses.length === 0) {
    return { url: `http://127.0.0.1:${String(await freePort())}`, stop: () => undefined };
  }
  return await serve(createServer(answerer(statuses, headers)));
}

/** The same with TLS. */
export async function startTlsModel(statuses: readonly number[]) {
  const authority = await makeAuthority("nobody");
  const { certificate: cert, key } = await authority.certify({ type: "ip", value: "127.0.0.1" });
  const { url, stop } = await serve(createTlsServer({ cert, key }, answerer(statuses)));
  return { url: url.replace("http:", "https:"), stop };
}

/** Answers with one status after the other. */
function answerer(
  statuses: readonly number[],
  headers: Readonly<Record<string, string>> = {},
): RequestListener {
  let requests = 0;
  return (request, response) => {
    const status = statuses[Math.min(requests, statuses.length - 1)] ?? 500;
    requests += 1;
    request.resume().on("end", () => {
      if (status === BREAKS_OFF) {
        response.writeHead(200, { "content-type": "application/json" });
        response.write('{"type":', () => response.destroy());
        return;
      }
      response.writeHead(status, { ...headers, "content-type": "application/json" });
      response.end(JSON.stringify(status === 200 ? MESSAGE : failure(status)));
    });
  };
}

async function serve(server: Server) {
  const url = await listenOnLoopback(server);
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url, stop };
}

const MESSAGE = {
  id: "msg_stub",
  type: "message",
  role: "assistant",
  model: "stub",
  content: [{ type: "text", text: "Hello." }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: USAGE,
};

function failure(status: number) {
  const type = status === 404 ? "not_found_error" : "api_error";
  return { type: "error", error: { type, message: `Made up: ${String(status)}.` } };
}
