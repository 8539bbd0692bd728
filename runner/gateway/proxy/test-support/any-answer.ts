import * as fc from "fast-check";

/** An API, and how its answers say a text and what they took. */
interface SampleDialect {
  readonly path: string;
  readonly document: (said: Said) => object;
  readonly events: (said: Said) => readonly object[];
}

/** A text, or the arguments of a tool. */
interface Piece {
  readonly isTool: boolean;
  readonly said: string;
}

interface Said {
  readonly pieces: readonly Piece[];
  /** Empty if the answer does not state it. */
  readonly usage: Partial<Record<"input" | "output", number>>;
}

/** Any answer of a model, and where it breaks off. */
export interface AnyAnswer {
  readonly dialect: SampleDialect;
  readonly request: string;
  readonly pieces: readonly Piece[];
  readonly input: number;
  readonly output: number;
  readonly statement: "true" | "zero" | "none";
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

/** Arguments of a tool have names that nobody knows. */
function argumentsOf(said: string): object {
  return { any_name: said };
}

const messages: SampleDialect = {
  path: "/v1/messages",
  document: ({ pieces, usage }) => ({
    type: "message",
    model: MODEL,
    content: pieces.map(({ isTool, said }) =>
      isTool ? { type: "tool_use", input: argumentsOf(said) } : { type: "text", text: said },
    ),
    stop_reason: "end_turn",
    ...inside("usage", usageAs(["input_tokens", "output_tokens"], usage)),
  }),
  events: ({ pieces, usage }) => [
    { type: "message_start", message: { type: "message", model: MODEL } },
    ...pieces.map(({ isTool, said }) => ({
      type: "content_block_delta",
      delta: isTool
        ? { type: "input_json_delta", partial_json: said }
        : { type: "text_delta", text: said },
    })),
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      ...inside("usage", usageAs(["input_tokens", "output_tokens"], usage)),
    },
    { type: "message_stop" },
  ],
};

/** As some gateways do it: a block begins with all of its text. */
const messagesAtOnce: SampleDialect = {
  ...messages,
  events: ({ pieces, usage }) => [
    ...messages.events({ pieces: [], usage: {} }).slice(0, 1),
    ...pieces.map(({ isTool, said }) => ({
      type: "content_block_start",
      content_block: isTool
        ? { type: "tool_use", input: argumentsOf(said) }
        : { type: "text", text: said },
    })),
    ...messages.events({ pieces: [], usage }).slice(1),
  ],
};

function chatUsage(usage: Said["usage"]): object {
  return inside("usage", usageAs(["prompt_tokens", "completion_tokens"], usage));
}

function chatMessage({ isTool, said }: Piece): object {
  return isTool ? { tool_calls: [{ function: { arguments: said } }] } : { content: said };
}

const chat: SampleDialect = {
  path: "/v1/chat/completions",
  document: ({ pieces, usage }) => ({
    model: MODEL,
    choices: pieces.map((one) => ({ message: chatMessage(one), finish_reason: "stop" })),
    ...chatUsage(usage),
  }),
  events: ({ pieces, usage }) => [
    ...pieces.map((one) => ({ model: MODEL, choices: [{ delta: chatMessage(one) }] })),
    { model: MODEL, choices: [{ delta: {}, finish_reason: "stop" }] },
    { model: MODEL, choices: [], ...chatUsage(usage) },
  ],
};

function responseItem({ isTool, said }: Piece): object {
  return isTool
    ? { type: "custom_tool_call", input: said }
    : { type: "message", content: [{ type: "output_text", text: said }] };
}

function responseOf(status: string, { pieces, usage }: Said): object {
  return {
    object: "response",
    status,
    model: MODEL,
    output: pieces.map(responseItem),
    ...inside("usage", usageAs(["input_tokens", "output_tokens"], usage)),
  };
}

const responses: SampleDialect = {
  path: "/v1/responses",
  document: (said) => responseOf("completed", said),
  events: (said) => [
    { type: "response.created", response: responseOf("in_progress", { pieces: [], usage: {} }) },
    ...said.pieces.map((one) => ({
      type: one.isTool ? "response.custom_tool_call_input.delta" : "response.output_text.delta",
      delta: one.said,
    })),
    ...said.pieces.map((one) => ({ type: "response.output_item.done", item: responseItem(one) })),
    { type: "response.completed", response: responseOf("completed", said) },
  ],
};

/** As some gateways do it: all of the answer in the last event. */
const responsesAtOnce: SampleDialect = {
  ...responses,
  events: (said) =>
    responses.events(said).filter((_, index, all) => [0, all.length - 1].includes(index)),
};

function geminiPart({ isTool, said }: Piece): object {
  return isTool ? { functionCall: { args: argumentsOf(said) } } : { text: said };
}

function geminiAnswer(pieces: readonly Piece[], usage: object, finish: object = {}): object {
  return {
    candidates: [{ content: { parts: pieces.map(geminiPart) }, ...finish }],
    modelVersion: MODEL,
    ...inside("usageMetadata", usage),
  };
}

const FINISHED = { finishReason: "STOP" };
const GEMINI_NAMES = ["promptTokenCount", "candidatesTokenCount"] as const;

const gemini: SampleDialect = {
  path: "/v1beta/models/any-model:generateContent",
  document: ({ pieces, usage }) => geminiAnswer(pieces, usageAs(GEMINI_NAMES, usage), FINISHED),
  events: ({ pieces, usage }) => [
    ...pieces.map((one) => geminiAnswer([one], {})),
    geminiAnswer([], usageAs(GEMINI_NAMES, usage), FINISHED),
  ],
};

/** So that next to nothing is reserved for the answer. */
const NO_OUTPUT = {
  max_tokens: 1,
  max_output_tokens: 1,
  generationConfig: { maxOutputTokens: 1 },
};

const tokens = fc.integer({ min: 1, max: 1_000_000 });
const anyText = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.constantFrom('"usage":{"output_tokens":7}', "\n\ndata: [DONE]\n\n", "\\", '"'),
);

export const anyAnswer: fc.Arbitrary<AnyAnswer> = fc.record({
  dialect: fc.constantFrom(messages, messagesAtOnce, responses, responsesAtOnce, chat, gemini),
  request: fc
    .string({ maxLength: 400 })
    .map((content) =>
      JSON.stringify({ model: MODEL, ...NO_OUTPUT, messages: [{ role: "user", content }] }),
    ),
  pieces: fc.array(fc.record({ isTool: fc.boolean(), said: anyText }), {
    minLength: 1,
    maxLength: 12,
  }),
  input: tokens,
  output: tokens,
  statement: fc.constantFrom("true", "true", "none", "zero"),
  isStream: fc.boolean(),
  cutAt: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 2 }),
});

/** The whole answer, as it would come. */
function wholeOf(said: AnyAnswer): string {
  const { dialect, pieces, input, output, statement, isStream } = said;
  const counts = { true: { input, output }, zero: { input: 0, output: 0 }, none: {} };
  const parts = { pieces, usage: counts[statement] };
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
  const came = bytesOf(said).bytes.toString();
  let from = 0;
  let sum = 0;
  for (const { said: one } of said.pieces) {
    const written = JSON.stringify(one).slice(1, -1);
    const at = came.indexOf(written, from);
    if (at === -1) return sum + (written === one ? bytesAtEnd(came, written) : 0);
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
