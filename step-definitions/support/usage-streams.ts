import type { Usage } from "../../ledger/domain/usage.ts";
import type { Respond } from "../../runner/gateway/proxy/test-support/fake-upstream.ts";

type Figures = Readonly<Record<string, number>>;

/** `in 10, read 80, five 30, hour 60, out 9`, as figures by name. */
function figuresOf(text: string): Figures {
  const pairs = text.split(", ").map((part) => part.split(" "));
  return Object.fromEntries(pairs.map(([name = "", tokens]) => [name, Number(tokens)]));
}

/** The figures as the Messages API says them. */
function inMessages({ in: input, read, five, hour, out }: Figures) {
  return {
    ...(input === undefined ? {} : { input_tokens: input }),
    ...(read === undefined ? {} : { cache_read_input_tokens: read }),
    ...(five === undefined || hour === undefined
      ? {}
      : {
          cache_creation_input_tokens: five + hour,
          cache_creation: { ephemeral_5m_input_tokens: five, ephemeral_1h_input_tokens: hour },
        }),
    output_tokens: out ?? 0,
  };
}

/** The figures as a row has them. */
export function asUsage(text: string): Usage {
  const { in: input, read, five, hour, out, think } = figuresOf(text);
  return {
    ...(input === undefined ? {} : { input_uncached: input }),
    ...(read === undefined ? {} : { cache_read: read }),
    ...(five === undefined ? {} : { cache_write_5m: five }),
    ...(hour === undefined ? {} : { cache_write_1h: hour }),
    ...(out === undefined ? {} : { output: out }),
    ...(think === undefined ? {} : { reasoning: think }),
    requests: 1,
  };
}

/** A Messages stream with these figures at its opening, and in each later event that has some. */
export function messagesTelling(opening: string, deltas: string): string {
  const message = { id: "msg_1", model: "model-a", usage: inMessages(figuresOf(opening)) };
  return [
    { type: "message_start", message },
    ...deltas.split("; ").map((delta) => ({
      type: "message_delta",
      delta: {},
      usage: inMessages(figuresOf(delta)),
    })),
    { type: "message_stop" },
  ]
    .map((data) => event(data))
    .join("");
}

/** The parts of a Gemini answer of 130 input tokens, 100 of them cached, with 5 thoughts and 7 tokens. */
export function geminiParts(): readonly [string, string] {
  const usage = { promptTokenCount: 130, cachedContentTokenCount: 100 };
  const content = { role: "model", parts: [{ text: "word" }] };
  const part = (tokens: number, thoughts: number, finishReason?: string) =>
    JSON.stringify({
      candidates: [{ content, index: 0, finishReason }],
      usageMetadata: { ...usage, candidatesTokenCount: tokens, thoughtsTokenCount: thoughts },
      modelVersion: "gemini-3-pro",
    });
  return [part(3, 0), part(7, 5, "STOP")];
}

const TEXT = "word ".repeat(100);
const RESPONSES_TEXT = event({ type: "response.output_text.delta", item_id: "m", delta: TEXT });
const CHAT_TEXT = chunk({ choices: [{ index: 0, delta: { content: TEXT } }] });

/** A stream of 130 input tokens, 100 of them cached, and 7 of output. */
export function openaiTelling(path: string): string {
  if (path === "/v1/responses") {
    const usage = {
      input_tokens: 130,
      input_tokens_details: { cached_tokens: 100 },
      output_tokens: 7,
    };
    const response = { id: "r", model: "model-a", usage };
    return RESPONSES_TEXT + event({ type: "response.completed", response });
  }
  const usage = {
    prompt_tokens: 130,
    prompt_tokens_details: { cached_tokens: 100 },
    completion_tokens: 7,
  };
  return `${CHAT_TEXT}${chunk({ choices: [], usage })}data: [DONE]\n\n`;
}

/** A Chat stream that says nothing of its usage, or a Responses stream that is cut. */
export const SILENT: Readonly<Record<string, Respond>> = {
  "/v1/chat/completions": (response) => {
    response.writeHead(200, EVENTS).end(`${CHAT_TEXT}data: [DONE]\n\n`);
  },
  "/v1/responses": (response) => {
    response.writeHead(200, EVENTS).write(RESPONSES_TEXT, () => response.destroy());
  },
};

const EVENTS = { "content-type": "text/event-stream" };

function event(data: { readonly type: string } & Readonly<Record<string, unknown>>): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function chunk(data: object): string {
  return `data: ${JSON.stringify({ id: "c", model: "model-a", ...data })}\n\n`;
}
