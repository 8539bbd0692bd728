import type { Respond } from "../../runner/gateway/proxy/test-support/fake-upstream.ts";

const PIECE = "word ".repeat(100);
const PAUSE_MS = 2;
const HEAD = { "content-type": "text/event-stream" };

/** Events that begin an answer, and the one that comes again and again, by the path that asks. */
const STREAMS: Readonly<Record<string, { readonly opening: string; readonly more: string }>> = {
  "/v1/messages": {
    opening:
      event("message_start", {
        message: {
          id: "msg_1",
          type: "message",
          role: "assistant",
          model: "model-a",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 100, output_tokens: 1 },
        },
      }) + event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    more: event("content_block_delta", { index: 0, delta: { type: "text_delta", text: PIECE } }),
  },
  "/v1/responses": {
    opening:
      event("response.created", {
        response: { id: "resp_1", object: "response", model: "model-a", status: "in_progress" },
      }) +
      event("response.output_item.added", {
        output_index: 0,
        item: { id: "msg_1", type: "message", role: "assistant", content: [] },
      }),
    more: event("response.output_text.delta", {
      item_id: "msg_1",
      output_index: 0,
      content_index: 0,
      delta: PIECE,
    }),
  },
  "/v1/chat/completions": {
    opening: chunk({ role: "assistant" }),
    more: chunk({ content: PIECE }),
  },
};

/** An upstream that streams until it is broken off, in pieces of so many bytes or event by event. */
export function endless(path: string, pieceBytes?: number): Respond {
  const { opening, more } = STREAMS[path] ?? { opening: "", more: "" };
  return (response) => {
    response.writeHead(200, HEAD).write(opening);
    let open = "";
    const timer = setInterval(() => {
      open += more;
      const size = pieceBytes ?? open.length;
      while (open.length >= size && open !== "") {
        response.write(open.slice(0, size));
        open = open.slice(size);
      }
    }, PAUSE_MS);
    response.once("close", () => clearInterval(timer));
  };
}

/** A whole Messages stream that takes 100 tokens of input and so many of output. */
export function longStream(outputTokens: number): string {
  const { opening, more } = STREAMS["/v1/messages"] ?? { opening: "", more: "" };
  const tokensPerPiece = PIECE.length / 4;
  return [
    opening,
    ...Array.from({ length: Math.ceil(outputTokens / tokensPerPiece) }, () => more),
    event("content_block_stop", { index: 0 }),
    event("message_delta", {
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: outputTokens },
    }),
    event("message_stop", {}),
  ].join("");
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

function chunk(delta: object): string {
  const choices = [{ index: 0, delta, finish_reason: null }];
  return `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", model: "model-a", choices })}\n\n`;
}
