import { z } from "zod";

import type { Usage } from "../../ledger/domain/usage.ts";

/** A block of an answer. Kinds that the agent does not know are sent back unchanged. */
const AnswerBlock = z.looseObject({ type: z.string() });
export type AnswerBlock = z.infer<typeof AnswerBlock>;

/** An answer in one piece. */
export const WholeMessage = z.looseObject({
  content: z.array(AnswerBlock),
  stop_reason: z.string().nullish(),
});

export const ToolUseBlock = z.looseObject({
  type: z.literal("tool_use"),
  id: z.string(),
  name: z.string(),
  input: z.unknown(),
});
export type ToolUseBlock = z.infer<typeof ToolUseBlock>;

/** The events of a stream that build an answer. The agent ignores all others. */
export const StreamEvent = z.discriminatedUnion("type", [
  z.looseObject({
    type: z.literal("content_block_start"),
    index: z.int().nonnegative(),
    content_block: AnswerBlock,
  }),
  z.looseObject({
    type: z.literal("content_block_delta"),
    index: z.int().nonnegative(),
    delta: z.looseObject({
      type: z.string(),
      text: z.string().optional(),
      thinking: z.string().optional(),
      signature: z.string().optional(),
      partial_json: z.string().optional(),
    }),
  }),
  z.looseObject({
    type: z.literal("message_delta"),
    delta: z.looseObject({ stop_reason: z.string().nullish() }),
  }),
  z.looseObject({ type: z.literal("message_stop") }),
  z.looseObject({
    type: z.literal("error"),
    error: z.looseObject({ type: z.string(), message: z.string() }),
  }),
]);
export type StreamEvent = z.infer<typeof StreamEvent>;

export const STREAM_EVENT_TYPES: ReadonlySet<string> = new Set(
  StreamEvent.options.flatMap((option) => [...option.shape.type.values]),
);

/** A whole answer, with the content that the agent sends back as history. */
export interface Answer {
  readonly content: readonly AnswerBlock[];
  readonly stopReason: string | null;
  readonly usage: Usage;
}

/** The error body of the API, and of servers that follow it loosely. */
export const ErrorBody = z.looseObject({ error: z.looseObject({ message: z.string() }) });

/** One entry of the conversation that is sent with every request. */
export interface HistoryMessage {
  readonly role: "user" | "assistant";
  readonly content: readonly AnswerBlock[];
}
