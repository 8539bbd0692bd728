import type { Usage } from "../../ledger/domain/usage.ts";
import type { ScriptedBlock, ScriptedAnswer } from "./play-answer.ts";

/** The client only has to send it back unchanged. */
const THINKING_SIGNATURE = "c2NyaXB0ZWQ=";

/** One server-sent event. `isContent` marks an event with a share of the output tokens. */
export interface ScriptedEvent {
  readonly data: Readonly<Record<string, unknown>>;
  readonly isContent: boolean;
}

/** How an API writes an answer. */
export interface AnswerForm {
  stream(answer: ScriptedAnswer): readonly ScriptedEvent[];
  whole(answer: ScriptedAnswer): Readonly<Record<string, unknown>>;
  /** A usage in the classes that the API can express. */
  tellable(usage: Usage): Usage;
  /** One event as it is sent. */
  encode(data: ScriptedEvent["data"]): string;
  /** What ends a stream after its last event. */
  readonly closing?: string;
}

/** Anthropic's Messages API. */
export const MESSAGES_FORM: AnswerForm = {
  stream: streamEvents,
  whole: wholeMessage,
  tellable: (usage) => usage,
  encode: encodeNamed,
};

/** An event with its type as its name. */
export function encodeNamed(data: ScriptedEvent["data"]): string {
  return `event: ${String(data["type"])}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A usage for an API that does not separate cache writes from other input. */
export function withoutCacheWrites(usage: Usage): Usage {
  const { input_uncached = 0, cache_write_5m = 0, cache_write_1h = 0, ...rest } = usage;
  return { ...rest, input_uncached: input_uncached + cache_write_5m + cache_write_1h };
}

const MIN_PIECE_CHARACTERS = 24;
const MAX_PIECES_PER_BLOCK = 48;
/** The API counts a first output token before it generates any. */
export const OPENING_OUTPUT_TOKENS = 1;

/** The answer as the Messages API streams it. The usage is cumulative; only its last figure is true. */
export function streamEvents(answer: ScriptedAnswer): readonly ScriptedEvent[] {
  const opening = { ...answer.usage, output: OPENING_OUTPUT_TOKENS };
  const empty = { content: [], stop_reason: null, usage: wireUsage(opening) };
  return [
    frame({ type: "message_start", message: { ...messageHead(answer), ...empty } }),
    frame({ type: "ping" }),
    ...answer.blocks.flatMap((block, index) => blockEvents(block, index)),
    frame({
      type: "message_delta",
      delta: { stop_reason: answer.stopReason, stop_sequence: null },
      usage: wireUsage(answer.usage),
    }),
    frame({ type: "message_stop" }),
  ];
}

/** The answer in one piece, for requests that do not stream. */
function wholeMessage(answer: ScriptedAnswer): Readonly<Record<string, unknown>> {
  const { blocks, stopReason: stop_reason, usage } = answer;
  const content = blocks.map((block) =>
    block.type === "thinking" ? { ...block, signature: THINKING_SIGNATURE } : block,
  );
  return { ...messageHead(answer), content, stop_reason, usage: wireUsage(usage) };
}

/** A usage under the names of the Messages API. */
export function wireUsage(usage: Usage): Readonly<Record<string, unknown>> {
  const { cache_write_5m = 0, cache_write_1h = 0 } = usage;
  return {
    input_tokens: usage.input_uncached ?? 0,
    cache_creation_input_tokens: cache_write_5m + cache_write_1h,
    cache_read_input_tokens: usage.cache_read ?? 0,
    cache_creation: {
      ephemeral_5m_input_tokens: cache_write_5m,
      ephemeral_1h_input_tokens: cache_write_1h,
    },
    output_tokens: usage.output ?? 0,
    service_tier: "standard",
  };
}

function messageHead({ messageId: id, model }: ScriptedAnswer) {
  return { id, type: "message", role: "assistant", model, stop_sequence: null };
}

function blockEvents(block: ScriptedBlock, index: number): readonly ScriptedEvent[] {
  return [
    frame({ type: "content_block_start", index, content_block: emptyBlock(block) }),
    ...deltas(block).map((delta) => ({
      data: { type: "content_block_delta", index, delta },
      isContent: true,
    })),
    frame({ type: "content_block_stop", index }),
  ];
}

function emptyBlock(block: ScriptedBlock): Readonly<Record<string, unknown>> {
  if (block.type === "thinking") return { type: "thinking", thinking: "", signature: "" };
  if (block.type === "text") return { type: "text", text: "" };
  return { ...block, input: {} };
}

function deltas(block: ScriptedBlock): readonly Readonly<Record<string, unknown>>[] {
  if (block.type === "thinking") {
    return [
      ...pieces(block.thinking).map((thinking) => ({ type: "thinking_delta", thinking })),
      { type: "signature_delta", signature: THINKING_SIGNATURE },
    ];
  }
  if (block.type === "text") {
    return pieces(block.text).map((text) => ({ type: "text_delta", text }));
  }
  const json = pieces(JSON.stringify(block.input));
  return json.map((partial_json) => ({ type: "input_json_delta", partial_json }));
}

/** Cuts between code points, because half a surrogate pair is not valid text. */
export function pieces(text: string): readonly string[] {
  const points = Array.from(text);
  const size = Math.max(MIN_PIECE_CHARACTERS, Math.ceil(points.length / MAX_PIECES_PER_BLOCK));
  const count = Math.ceil(points.length / size);
  return Array.from({ length: count }, (_, index) =>
    points.slice(index * size, (index + 1) * size).join(""),
  );
}

export function frame(data: ScriptedEvent["data"]): ScriptedEvent {
  return { data, isContent: false };
}
