import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

import { openAuthority } from "../../gateway/proxy/mitm/authority.ts";
import { systemClock } from "../../platform/environment/environment.ts";
import { listenOnLoopback } from "../../platform/http/listen-on-loopback.ts";
import { announce } from "./announce.ts";

const DELTAS = 50;
const PACED_START_MS = 50;
const PACED_GAP_MS = 5;
const BIG_CHUNK = Buffer.from(delta("x".repeat(60_000)));

/** A model that costs nothing: `?json`, `?sse`, `?paced` and `?bytes=N` are its answers. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  request.once("end", () => {
    const query = (request.url ?? "").split("?")[1] ?? "";
    if (query === "sse") sendAtOnce(response);
    else if (query === "paced") void sendPaced(response);
    else if (query.startsWith("bytes=")) sendBytes(response, Number(query.slice(6)));
    else {
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": JSON_ANSWER.length,
      });
      response.end(JSON_ANSWER);
    }
  });
}

const USAGE = { input_tokens: 12_000, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
const MESSAGE = { id: "msg_1", type: "message", role: "assistant", model: "model", content: [] };
const JSON_ANSWER = Buffer.from(
  JSON.stringify({
    ...MESSAGE,
    content: [{ type: "text", text: "x".repeat(800) }],
    stop_reason: "end_turn",
    usage: { ...USAGE, output_tokens: 200 },
  }),
);
const OPENING = event("message_start", {
  message: { ...MESSAGE, usage: { ...USAGE, output_tokens: 1 } },
});
const DELTA = delta("forty characters of text, more or less. ");
const CLOSING =
  event("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 500 } }) +
  event("message_stop", {});

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

function delta(text: string): string {
  return event("content_block_delta", { index: 0, delta: { type: "text_delta", text } });
}

function sendAtOnce(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(OPENING);
  for (let index = 0; index < DELTAS; index += 1) response.write(DELTA);
  response.end(CLOSING);
}

async function sendPaced(response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  await sleep(PACED_START_MS);
  response.write(OPENING);
  for (let index = 0; index < DELTAS; index += 1) {
    await sleep(PACED_GAP_MS);
    response.write(DELTA);
  }
  response.end(CLOSING);
}

function sendBytes(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(OPENING);
  let sent = 0;
  const send = (): void => {
    while (sent < bytes) {
      sent += BIG_CHUNK.length;
      if (!response.write(BIG_CHUNK)) {
        response.once("drain", send);
        return;
      }
    }
    response.end(CLOSING);
  };
  send();
}

/** With an authority's folder, by TLS. */
const [authorityFolder] = process.argv.slice(2);
const server =
  authorityFolder === undefined ? createServer(answer) : await secureServer(authorityFolder);

async function secureServer(folder: string) {
  const authority = await openAuthority(folder, systemClock);
  const context = await authority.contextFor("localhost");
  return createSecureServer({ SNICallback: (_, done) => done(null, context) }, answer);
}

announce(`${await listenOnLoopback(server)}/v1/messages`);
