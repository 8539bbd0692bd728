import { createServer, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { listenOnLoopback } from "../../runner/platform/http/listen-on-loopback.ts";

const PIECES = 150;
const PIECE = "word ".repeat(20);
const PAUSE_MS = 2;

let origin: Promise<string> | null = null;

/** The address of a model whose every answer has three thousand tokens, in small pieces. */
export async function longAnswers(): Promise<string> {
  origin ??= serve();
  return await origin;
}

async function serve(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    void answer(response);
  });
  const opened = await listenOnLoopback(server);
  server.unref();
  return opened;
}

async function answer(response: ServerResponse): Promise<void> {
  response.on("error", () => undefined);
  response.writeHead(200, { "content-type": "text/event-stream" });
  const usage = { input_tokens: 10, output_tokens: 1 };
  const message = { id: "msg_1", type: "message", role: "assistant", content: [], usage };
  response.write(event("message_start", { message: { ...message, model: "model-a" } }));
  const block = { index: 0, content_block: { type: "text", text: "" } };
  response.write(event("content_block_start", block));
  for (let piece = 0; piece < PIECES; piece += 1) {
    const delta = { type: "text_delta", text: PIECE };
    response.write(event("content_block_delta", { index: 0, delta }));
    await sleep(PAUSE_MS);
  }
  const end = { delta: { stop_reason: "end_turn" }, usage: { output_tokens: PIECES * 20 } };
  response.end(event("message_delta", end) + event("message_stop", {}));
}

function event(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}
