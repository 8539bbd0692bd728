import { TRUE_TOKENS } from "./apis.ts";
import type { ProtocolCase, Taken } from "./protocol-case.ts";

/** A usage that some vendor or gateway states in a way of its own. */
export interface UsageVariant {
  readonly title: string;
  readonly path: string;
  readonly type: "application/json" | "text/event-stream";
  /** The document, or the data of the events. */
  readonly said: readonly object[];
  /** By default what every sample has taken; null: the answer does not say it. */
  readonly tokens?: Taken | null;
}

const { prompt, completion } = TRUE_TOKENS;
const CHAT = { path: "/v1/chat/completions" } as const;
const MESSAGES = { path: "/v1/messages" } as const;
const RESPONSES = { path: "/v1/responses" } as const;
const GEMINI = { path: "/v1beta/models/m:generateContent" } as const;
const DOCUMENT = { type: "application/json" } as const;
const EVENTS = { type: "text/event-stream" } as const;

const TOTALS = { prompt_tokens: prompt, completion_tokens: completion };
const FINISHED = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };

function chat(usage: object) {
  return [{ model: "m", choices: [{ index: 0, message: { content: "Yes." } }], usage }];
}

function started(usage: object) {
  return { type: "message_start", message: { type: "message", model: "m", usage } };
}

function changed(usage: object, stop_reason: string | null = null) {
  return { type: "message_delta", delta: { stop_reason }, usage };
}

const STOPPED = { type: "message_stop" };

function message(usage: object) {
  return [{ type: "message", role: "assistant", model: "m", content: [], usage }];
}

function response(type: string, usage: object) {
  return [{ type: `response.${type}`, response: { object: "response", model: "m", usage } }];
}

const RESPONSE_USAGE = { input_tokens: prompt, output_tokens: completion };

const OF_CHAT: readonly UsageVariant[] = [
  {
    ...CHAT,
    ...EVENTS,
    title: "Groq: the usage is in `x_groq`",
    said: [{ model: "m", ...FINISHED, x_groq: { usage: TOTALS } }],
  },
  {
    ...CHAT,
    ...EVENTS,
    title: "Chat: each chunk has the usage so far",
    said: [
      { model: "m", choices: [], usage: { ...TOTALS, completion_tokens: 7 } },
      { model: "m", ...FINISHED, usage: TOTALS },
    ],
  },
  {
    ...CHAT,
    ...EVENTS,
    title: "Chat: the usage is null before the last chunk",
    said: [
      { model: "m", ...FINISHED, usage: null },
      { model: "m", choices: [], usage: TOTALS },
    ],
  },
  {
    ...CHAT,
    ...DOCUMENT,
    title: "DeepSeek: cache hits and misses",
    said: chat({ ...TOTALS, prompt_cache_hit_tokens: 300, prompt_cache_miss_tokens: 700 }),
    tokens: { ...TRUE_TOKENS, cached: { cache_read: 300 } },
  },
  {
    ...CHAT,
    ...DOCUMENT,
    title: "Moonshot: cached tokens beside the totals",
    said: chat({ ...TOTALS, cached_tokens: 300 }),
    tokens: { ...TRUE_TOKENS, cached: { cache_read: 300 } },
  },
  {
    ...CHAT,
    ...DOCUMENT,
    title: "Grok: reasoning beside the output",
    said: chat({
      prompt_tokens: prompt,
      completion_tokens: completion - 100,
      completion_tokens_details: { reasoning_tokens: 100 },
      total_tokens: prompt + completion,
    }),
  },
  {
    ...CHAT,
    ...DOCUMENT,
    title: "OpenRouter: the answer states its cost",
    said: chat({ ...TOTALS, cost: 0.25 }),
  },
  {
    ...CHAT,
    ...DOCUMENT,
    title: "Chat: more cached tokens than input",
    said: chat({ ...TOTALS, prompt_tokens_details: { cached_tokens: prompt + 1 } }),
    tokens: null,
  },
];

const OF_MESSAGES: readonly UsageVariant[] = [
  {
    ...MESSAGES,
    ...EVENTS,
    title: "Z.ai: zeros first",
    said: [
      started({ input_tokens: 0, output_tokens: 0 }),
      changed({ input_tokens: prompt, output_tokens: completion }, "end_turn"),
      STOPPED,
    ],
  },
  {
    ...MESSAGES,
    ...EVENTS,
    title: "Messages: several totals",
    said: [
      started({ input_tokens: prompt, output_tokens: 1 }),
      changed({ output_tokens: 90 }),
      changed({ output_tokens: completion }, "end_turn"),
      STOPPED,
    ],
  },
  {
    ...MESSAGES,
    ...EVENTS,
    title: "Messages: no `message_stop`",
    said: [
      started({ input_tokens: prompt, output_tokens: 1 }),
      changed({ output_tokens: completion }, "end_turn"),
    ],
  },
  {
    ...MESSAGES,
    ...DOCUMENT,
    title: "Messages: caches of two lifetimes",
    said: message({
      input_tokens: prompt - 400,
      cache_creation_input_tokens: 400,
      cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 100 },
      output_tokens: completion,
    }),
    tokens: { ...TRUE_TOKENS, cached: { cache_write_5m: 300, cache_write_1h: 100 } },
  },
  {
    ...MESSAGES,
    ...DOCUMENT,
    title: "Messages: a compaction on the server",
    said: message({
      input_tokens: 100,
      output_tokens: 50,
      iterations: [
        { type: "compaction", input_tokens: prompt - 100, output_tokens: completion - 50 },
        { type: "message", input_tokens: 100, output_tokens: 50 },
      ],
    }),
  },
  {
    ...MESSAGES,
    ...DOCUMENT,
    title: "Messages: the advice of another model",
    said: message({
      input_tokens: 100,
      output_tokens: 50,
      iterations: [
        { type: "message", input_tokens: 100, output_tokens: 50 },
        {
          type: "advisor_message",
          model: "adviser",
          input_tokens: prompt - 100,
          output_tokens: completion - 50,
        },
      ],
    }),
  },
];

const OF_OTHERS: readonly UsageVariant[] = [
  ...["completed", "incomplete", "failed"].map((type) => ({
    ...RESPONSES,
    ...EVENTS,
    title: `Responses: \`response.${type}\``,
    said: response(type, RESPONSE_USAGE),
  })),
  {
    ...RESPONSES,
    path: "/openai/responses?api-version=1",
    ...EVENTS,
    title: "Azure: Responses",
    said: response("completed", RESPONSE_USAGE),
  },
  {
    path: "/openai/deployments/d/chat/completions?api-version=1",
    ...DOCUMENT,
    title: "Azure: Chat",
    said: chat(TOTALS),
  },
  {
    ...RESPONSES,
    path: "/v1/responses/compact",
    ...DOCUMENT,
    title: "Responses: compaction",
    said: [{ object: "response.compaction", output: [], usage: RESPONSE_USAGE }],
  },
  {
    ...GEMINI,
    ...DOCUMENT,
    title: "Gemini: a blocked prompt",
    said: [
      {
        promptFeedback: { blockReason: "SAFETY" },
        usageMetadata: { promptTokenCount: prompt, totalTokenCount: prompt },
      },
    ],
    tokens: { prompt, completion: 0 },
  },
  {
    path: "/v1internal:generateContent",
    ...DOCUMENT,
    title: "Gemini CLI's log-in: each part is wrapped",
    said: [
      {
        response: {
          candidates: [{ finishReason: "STOP" }],
          usageMetadata: { promptTokenCount: prompt, candidatesTokenCount: completion },
        },
      },
    ],
  },
];

/** Gateways that do not count say zeros. */
const OF_NOBODY: readonly UsageVariant[] = [
  {
    ...CHAT,
    ...DOCUMENT,
    title: "Chat: zeros beside a text",
    said: chat({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }),
    tokens: null,
  },
  {
    ...MESSAGES,
    ...DOCUMENT,
    title: "Messages: zeros beside a text",
    said: [{ ...message({ input_tokens: 0, output_tokens: 0 })[0], content: [{ text: "Yes." }] }],
    tokens: null,
  },
  {
    ...RESPONSES,
    ...EVENTS,
    title: "Responses: zeros beside a text",
    said: [
      { type: "response.output_text.delta", delta: "Yes." },
      ...response("completed", { input_tokens: 0, output_tokens: 0 }),
    ],
    tokens: null,
  },
  {
    ...GEMINI,
    ...DOCUMENT,
    title: "Gemini: zeros beside a text",
    said: [
      {
        candidates: [{ content: { parts: [{ text: "Yes." }] }, finishReason: "STOP" }],
        usageMetadata: { promptTokenCount: 0, candidatesTokenCount: 0 },
      },
    ],
    tokens: null,
  },
];

export const VARIANTS: readonly UsageVariant[] = [
  ...OF_CHAT,
  ...OF_MESSAGES,
  ...OF_OTHERS,
  ...OF_NOBODY,
];

export function caseOfVariant({
  path,
  type,
  said,
  tokens = TRUE_TOKENS,
}: UsageVariant): ProtocolCase {
  const isStream = type === EVENTS.type;
  const body = isStream
    ? said.map((data) => `data: ${JSON.stringify(data)}\n\n`).join("")
    : JSON.stringify(said[0]);
  return {
    path,
    sent: { body: JSON.stringify({ model: "m", stream: isStream }) },
    answer: { headers: { "content-type": type }, body },
    truth: tokens ?? TRUE_TOKENS,
    textBytes: 0,
  };
}
