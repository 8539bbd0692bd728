import * as fc from "fast-check";

/** An API, and how its answers say a text and what they took. */
interface SampleDialect {
  readonly path: string;
  readonly document: (said: Said) => object;
  readonly events: (said: Said) => readonly object[];
}

interface Said {
  readonly pieces: readonly string[];
  /** Empty if the answer does not state it. */
  readonly usage: Partial<Record<"input" | "output", number>>;
}

/** Any answer of a model, and where it breaks off. */
export interface AnyAnswer {
  readonly dialect: SampleDialect;
  readonly request: string;
  readonly pieces: readonly string[];
  readonly input: number;
  readonly output: number;
  readonly statesUsage: boolean;
  readonly isStream: boolean;
  /** The share of the bytes that come, from 0 to 1; null if the answer is whole. */
  readonly cutAt: number | null;
}

const MODEL = "any-model";

function usageAs(names: readonly [string, string], { input, output }: Said["usage"]): object {
  if (input === undefined || output === undefined) return {};
  return { [names[0]]: input, [names[1]]: output };
}

function inside(name: string, usage: object): object {
  return Object.keys(usage).length === 0 ? {} : { [name]: usage };
}

const messages: SampleDialect = {
  path: "/v1/messages",
  document: ({ pieces, usage }) => ({
    type: "message",
    model: MODEL,
    content: pieces.map((text) => ({ type: "text", text })),
    stop_reason: "end_turn",
    ...inside("usage", usageAs(["input_tokens", "output_tokens"], usage)),
  }),
  events: ({ pieces, usage }) => [
    { type: "message_start", message: { type: "message", model: MODEL } },
    ...pieces.map((text) => ({ type: "content_block_delta", delta: { type: "text_delta", text } })),
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      ...inside("usage", usageAs(["input_tokens", "output_tokens"], usage)),
    },
    { type: "message_stop" },
  ],
};

function chatUsage(usage: Said["usage"]): object {
  return inside("usage", usageAs(["prompt_tokens", "completion_tokens"], usage));
}

const chat: SampleDialect = {
  path: "/v1/chat/completions",
  document: ({ pieces, usage }) => ({
    model: MODEL,
    choices: pieces.map((content) => ({ message: { content }, finish_reason: "stop" })),
    ...chatUsage(usage),
  }),
  events: ({ pieces, usage }) => [
    ...pieces.map((content) => ({ model: MODEL, choices: [{ delta: { content } }] })),
    { model: MODEL, choices: [{ delta: {}, finish_reason: "stop" }] },
    { model: MODEL, choices: [], ...chatUsage(usage) },
  ],
};

function responseOf(status: string, { pieces, usage }: Said): object {
  return {
    object: "response",
    status,
    model: MODEL,
    output: pieces.map((text) => ({ type: "message", content: [{ type: "output_text", text }] })),
    ...inside("usage", usageAs(["input_tokens", "output_tokens"], usage)),
  };
}

const responses: SampleDialect = {
  path: "/v1/responses",
  document: (said) => responseOf("completed", said),
  events: (said) => [
    { type: "response.created", response: responseOf("in_progress", { pieces: [], usage: {} }) },
    ...said.pieces.map((delta) => ({ type: "response.output_text.delta", delta })),
    // The text came before.
    { type: "response.completed", response: responseOf("completed", { ...said, pieces: [] }) },
  ],
};

function geminiPart(text: string, usage: object, finish: object = {}): object {
  return {
    candidates: [{ content: { parts: [{ text }] }, ...finish }],
    modelVersion: MODEL,
    ...inside("usageMetadata", usage),
  };
}

const FINISHED = { finishReason: "STOP" };
const GEMINI_NAMES = ["promptTokenCount", "candidatesTokenCount"] as const;

const gemini: SampleDialect = {
  path: "/v1beta/models/any-model:generateContent",
  document: ({ pieces, usage }) =>
    geminiPart(pieces.join(""), usageAs(GEMINI_NAMES, usage), FINISHED),
  events: ({ pieces, usage }) => [
    ...pieces.map((text) => geminiPart(text, {})),
    geminiPart("", usageAs(GEMINI_NAMES, usage), FINISHED),
  ],
};

/** So that next to nothing is reserved for the answer. */
const NO_OUTPUT = {
  max_tokens: 1,
  max_output_tokens: 1,
  generationConfig: { maxOutputTokens: 1 },
};

const tokens = fc.integer({ min: 1, max: 1_000_000 });
const piece = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.constantFrom('"usage":{"output_tokens":7}', "\n\ndata: [DONE]\n\n", "\\", '"'),
);

export const anyAnswer: fc.Arbitrary<AnyAnswer> = fc.record({
  dialect: fc.constantFrom(messages, responses, chat, gemini),
  request: fc
    .string({ maxLength: 400 })
    .map((content) =>
      JSON.stringify({ model: MODEL, ...NO_OUTPUT, messages: [{ role: "user", content }] }),
    ),
  pieces: fc.array(piece, { minLength: 1, maxLength: 12 }),
  input: tokens,
  output: tokens,
  statesUsage: fc.boolean(),
  isStream: fc.boolean(),
  cutAt: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 2 }),
});

/** The whole answer, as it would come. */
function wholeOf(said: AnyAnswer): string {
  const { dialect, pieces, input, output, statesUsage, isStream } = said;
  const parts = { pieces, usage: statesUsage ? { input, output } : {} };
  if (!isStream) return JSON.stringify(dialect.document(parts));
  return dialect
    .events(parts)
    .map((data) => `data: ${JSON.stringify(data)}\n\n`)
    .join("");
}

/** The bytes that come, and whether the connection breaks after them. */
export function bytesOf(said: AnyAnswer) {
  const whole = Buffer.from(wholeOf(said));
  const { cutAt, isStream } = said;
  const head = { "content-type": isStream ? "text/event-stream" : "application/json" };
  const bytes = whole.subarray(0, cutAt === null ? whole.length : Math.floor(cutAt * whole.length));
  return { bytes, isCut: cutAt !== null, head };
}

/** The bytes of the texts that came, as a model wrote them. */
export function textBytesIn(said: AnyAnswer): number {
  const text = bytesOf(said).bytes.toString();
  let from = 0;
  let sum = 0;
  for (const one of said.pieces) {
    const written = JSON.stringify(one).slice(1, -1);
    const at = text.indexOf(written, from);
    if (at === -1) return sum + (written === one ? bytesAtEnd(text, written) : 0);
    sum += Buffer.byteLength(one);
    from = at + written.length;
  }
  return sum;
}

/** The bytes of a text that breaks off at the end of another one. */
function bytesAtEnd(text: string, one: string): number {
  for (let length = one.length; length > 0; length -= 1) {
    const begin = one.slice(0, length);
    if (text.endsWith(`"${begin}`)) return Buffer.byteLength(begin);
  }
  return 0;
}
