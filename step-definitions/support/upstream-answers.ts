import type { Respond } from "../../runner/gateway/proxy/test-support/fake-upstream.ts";
import { messagesStream } from "../../runner/gateway/proxy/test-support/messages-stream.ts";
import { SMALL_MODEL } from "./small-experiment.ts";

type Response = Parameters<Respond>[0];

interface Message {
  readonly content?: readonly unknown[];
  readonly stopReason?: "end_turn" | "tool_use";
  readonly outputTokens?: number;
}

/** A whole answer of a model in JSON; without tokens it says nothing of its usage. */
export function message({ content, stopReason, outputTokens }: Message = {}): string {
  return JSON.stringify({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: SMALL_MODEL,
    content: content ?? [{ type: "text", text: "Grüße, 世界." }],
    stop_reason: stopReason ?? "end_turn",
    stop_sequence: null,
    ...(outputTokens === undefined
      ? {}
      : { usage: { input_tokens: 10, output_tokens: outputTokens } }),
  });
}

export function failureBody(text: string): string {
  return JSON.stringify({ type: "error", error: { type: "api_error", message: text } });
}

export function sendJson(response: Response, body: string, status = 200): void {
  response.writeHead(status, { "content-type": "application/json", "x-should-retry": "false" });
  response.end(body);
}

/** The same message as the events of a stream: the built-in agent asks for nothing else. */
export function sendAsStream(response: Response, whole: Message): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(streamOf(whole));
}

function streamOf({ content = [], stopReason = "end_turn", outputTokens = 0 }: Message): string {
  const start = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: SMALL_MODEL,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 1 },
  };
  return [
    { type: "message_start", message: start },
    ...content.flatMap(blockEvents),
    {
      type: "message_delta",
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: { output_tokens: outputTokens },
    },
    { type: "message_stop" },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join("");
}

function blockEvents(block: unknown, index: number) {
  return [
    { type: "content_block_start", index, content_block: block },
    { type: "content_block_stop", index },
  ];
}

/** The bytes of a stream whose totals grow, and its first event alone. */
export const STREAM = messagesStream();
export const FIRST_EVENT = STREAM.slice(0, STREAM.indexOf("\n\n") + 2);
