/** An answer of an API, as a document and as the data of its events. */
export interface ApiSample {
  readonly title: string;
  readonly path: string;
  /** The path of a stream, if it is another. */
  readonly streamPath?: string;
  /** What the request says besides the prompt. */
  readonly request: object;
  /** @param isStated whether the answer states its usage. */
  readonly document: (isStated: boolean) => object;
  readonly events: (isStated: boolean) => readonly object[];
  readonly error: object;
}

/** The tokens that every answer of these samples has taken. */
export const TRUE_TOKENS = { prompt: 1000, completion: 500 };
/** The part of the prompt that they have read from a cache. */
export const CACHED = 300;
const REASONING = 100;

/** The text of every answer, in two pieces. */
export const TEXT = "A few words of an answer. ".repeat(80);
const PIECES = [TEXT.slice(0, TEXT.length / 2), TEXT.slice(TEXT.length / 2)] as const;
const MODEL = "sample-model";
const MESSAGES = [{ role: "user", content: "Say something. ".repeat(20) }];

function ifStated(isStated: boolean, usage: object): object {
  return isStated ? usage : {};
}

const CLAUDE_PROMPT = {
  input_tokens: TRUE_TOKENS.prompt - CACHED,
  cache_read_input_tokens: CACHED,
};
const CLAUDE_MESSAGE = { id: "msg_1", type: "message", role: "assistant", model: MODEL };

const CLAUDE = {
  document: (isStated: boolean) => ({
    ...CLAUDE_MESSAGE,
    content: [{ type: "text", text: TEXT }],
    stop_reason: "end_turn",
    ...ifStated(isStated, {
      usage: { ...CLAUDE_PROMPT, output_tokens: TRUE_TOKENS.completion },
    }),
  }),
  events: (isStated: boolean) => [
    {
      type: "message_start",
      message: {
        ...CLAUDE_MESSAGE,
        content: [],
        ...ifStated(isStated, { usage: { ...CLAUDE_PROMPT, output_tokens: 1 } }),
      },
    },
    ...PIECES.map((text) => ({
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text },
    })),
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      ...ifStated(isStated, { usage: { output_tokens: TRUE_TOKENS.completion } }),
    },
    { type: "message_stop" },
  ],
  error: { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
};

const OPENAI_ERROR = { error: { type: "server_error", code: "overloaded", message: "Overloaded" } };
const CHAT_USAGE = {
  usage: {
    prompt_tokens: TRUE_TOKENS.prompt,
    prompt_tokens_details: { cached_tokens: CACHED },
    completion_tokens: TRUE_TOKENS.completion,
    completion_tokens_details: { reasoning_tokens: REASONING },
  },
};

/** A choice of a Chat answer, or of the older Completions API. */
function chatSample(choiceOf: (text: string, isChunk: boolean) => object) {
  const chunk = { id: "c_1", model: MODEL };
  return {
    document: (isStated: boolean) => ({
      ...chunk,
      choices: [{ index: 0, ...choiceOf(TEXT, false), finish_reason: "stop" }],
      ...ifStated(isStated, CHAT_USAGE),
    }),
    events: (isStated: boolean) => [
      ...PIECES.map((text) => ({ ...chunk, choices: [{ index: 0, ...choiceOf(text, true) }] })),
      { ...chunk, choices: [{ index: 0, ...choiceOf("", true), finish_reason: "stop" }] },
      ...(isStated ? [{ ...chunk, choices: [], ...CHAT_USAGE }] : []),
    ],
    error: OPENAI_ERROR,
  };
}

function responsesDocument(isStated: boolean) {
  return {
    object: "response",
    status: "completed",
    model: MODEL,
    output: [{ type: "message", content: [{ type: "output_text", text: TEXT }] }],
    ...ifStated(isStated, {
      usage: {
        input_tokens: TRUE_TOKENS.prompt,
        input_tokens_details: { cached_tokens: CACHED },
        output_tokens: TRUE_TOKENS.completion,
        output_tokens_details: { reasoning_tokens: REASONING },
      },
    }),
  };
}

function geminiPart(text: string, isLast: boolean, isStated: boolean) {
  const finish = isLast ? { finishReason: "STOP" } : {};
  return {
    candidates: [{ content: { role: "model", parts: [{ text }] }, ...finish }],
    modelVersion: MODEL,
    ...ifStated(isStated, {
      usageMetadata: {
        promptTokenCount: TRUE_TOKENS.prompt,
        cachedContentTokenCount: CACHED,
        candidatesTokenCount: isLast ? TRUE_TOKENS.completion - REASONING : 1,
        thoughtsTokenCount: REASONING,
      },
    }),
  };
}

/** The APIs that the proxy reads. */
export const APIS: readonly ApiSample[] = [
  {
    title: "Messages",
    path: "/v1/messages",
    request: { model: MODEL, max_tokens: 64_000, messages: MESSAGES },
    ...CLAUDE,
  },
  {
    title: "Claude on Vertex AI",
    path: "/v1/projects/p/locations/l/publishers/anthropic/models/sample-model:rawPredict",
    streamPath:
      "/v1/projects/p/locations/l/publishers/anthropic/models/sample-model:streamRawPredict",
    request: { anthropic_version: "vertex-2023-10-16", max_tokens: 64_000, messages: MESSAGES },
    ...CLAUDE,
  },
  {
    title: "Responses",
    path: "/v1/responses",
    request: { model: MODEL, input: MESSAGES },
    document: responsesDocument,
    events: (isStated) => [
      { type: "response.created", response: { object: "response", model: MODEL } },
      ...PIECES.map((delta) => ({ type: "response.output_text.delta", delta })),
      { type: "response.completed", response: responsesDocument(isStated) },
    ],
    error: OPENAI_ERROR,
  },
  {
    title: "Chat Completions",
    path: "/v1/chat/completions",
    request: { model: MODEL, messages: MESSAGES },
    ...chatSample((content, isChunk) => ({ [isChunk ? "delta" : "message"]: { content } })),
  },
  {
    title: "Completions",
    path: "/v1/completions",
    request: { model: MODEL, prompt: "Say something. ".repeat(20) },
    ...chatSample((text) => ({ text })),
  },
  {
    title: "Gemini",
    path: "/v1beta/models/sample-model:generateContent",
    streamPath: "/v1beta/models/sample-model:streamGenerateContent?alt=sse",
    request: { contents: [{ role: "user", parts: [{ text: "Say something. ".repeat(20) }] }] },
    document: (isStated) => geminiPart(TEXT, true, isStated),
    events: (isStated) =>
      PIECES.map((text, index) => geminiPart(text, index === PIECES.length - 1, isStated)),
    error: { error: { code: 503, status: "UNAVAILABLE", message: "Overloaded" } },
  },
];
