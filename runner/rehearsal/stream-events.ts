import { type AnswerBlock, type ScriptedAnswer, THINKING_SIGNATURE } from "./answer.ts";
import { wireUsage } from "./deal-usage.ts";

/** One server-sent event; `isContent` marks those that carry a share of the output tokens. */
export interface StreamEvent {
  readonly data: { readonly type: string } & Readonly<Record<string, unknown>>;
  readonly isContent: boolean;
}

const MIN_PIECE_CHARACTERS = 24;
const MAX_PIECES_PER_BLOCK = 48;
/** Before anything is generated the API already counts a first output token. */
export const OPENING_OUTPUT_TOKENS = 1;

/** The answer as the Messages API streams it; usage is cumulative, its last figure the true one. */
export function streamEvents(answer: ScriptedAnswer): readonly StreamEvent[] {
  const opening = { ...answer.usage, output: OPENING_OUTPUT_TOKENS };
  return [
    frame({
      type: "message_start",
      message: {
        ...messageHead(answer),
        content: [],
        stop_reason: null,
        usage: wireUsage(opening),
      },
    }),
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
export function wholeMessage(answer: ScriptedAnswer): Readonly<Record<string, unknown>> {
  const content = answer.blocks.map((block) =>
    block.type === "thinking" ? { ...block, signature: THINKING_SIGNATURE } : block,
  );
  return {
    ...messageHead(answer),
    content,
    stop_reason: answer.stopReason,
    usage: wireUsage(answer.usage),
  };
}

function messageHead(answer: ScriptedAnswer): Readonly<Record<string, unknown>> {
  const { messageId: id, model } = answer;
  return { id, type: "message", role: "assistant", model, stop_sequence: null };
}

function blockEvents(block: AnswerBlock, index: number): readonly StreamEvent[] {
  return [
    frame({ type: "content_block_start", index, content_block: emptyBlock(block) }),
    ...deltas(block).map((delta) => ({
      data: { type: "content_block_delta", index, delta },
      isContent: true,
    })),
    frame({ type: "content_block_stop", index }),
  ];
}

function emptyBlock(block: AnswerBlock): Readonly<Record<string, unknown>> {
  if (block.type === "thinking") return { type: "thinking", thinking: "", signature: "" };
  if (block.type === "text") return { type: "text", text: "" };
  return { ...block, input: {} };
}

function deltas(block: AnswerBlock): readonly Readonly<Record<string, unknown>>[] {
  if (block.type === "thinking") {
    return [
      ...pieces(block.thinking).map((thinking) => ({ type: "thinking_delta", thinking })),
      { type: "signature_delta", signature: THINKING_SIGNATURE },
    ];
  }
  if (block.type === "text") {
    return pieces(block.text).map((text) => ({ type: "text_delta", text }));
  }
  return pieces(JSON.stringify(block.input)).map((piece) => ({
    type: "input_json_delta",
    partial_json: piece,
  }));
}

/** Cut between code points, since half a surrogate pair is no text. */
export function pieces(text: string): readonly string[] {
  const points = Array.from(text);
  const size = Math.max(MIN_PIECE_CHARACTERS, Math.ceil(points.length / MAX_PIECES_PER_BLOCK));
  const count = Math.ceil(points.length / size);
  return Array.from({ length: count }, (_, index) =>
    points.slice(index * size, (index + 1) * size).join(""),
  );
}

export function frame(data: StreamEvent["data"]): StreamEvent {
  return { data, isContent: false };
}
