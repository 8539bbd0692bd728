import { z } from "zod";

/** Tokens as the Messages API tells them; servers that lack a class leave it out. */
const WireUsage = z.looseObject({
  input_tokens: z.int().nonnegative().nullish(),
  output_tokens: z.int().nonnegative().nullish(),
  cache_read_input_tokens: z.int().nonnegative().nullish(),
  cache_creation_input_tokens: z.int().nonnegative().nullish(),
  cache_creation: z
    .looseObject({
      ephemeral_5m_input_tokens: z.int().nonnegative().nullish(),
      ephemeral_1h_input_tokens: z.int().nonnegative().nullish(),
    })
    .nullish(),
  output_tokens_details: z
    .looseObject({ thinking_tokens: z.int().nonnegative().nullish() })
    .nullish(),
});
export type WireUsage = z.infer<typeof WireUsage>;

/** A block of an answer; kinds that the agent does not know are carried back unchanged. */
const AnswerBlock = z.looseObject({ type: z.string() });
export type AnswerBlock = z.infer<typeof AnswerBlock>;

/** An answer in one piece. */
export const WholeMessage = z.looseObject({
  content: z.array(AnswerBlock),
  stop_reason: z.string().nullish(),
  usage: WireUsage.nullish(),
});

export const ToolUseBlock = z.looseObject({
  type: z.literal("tool_use"),
  id: z.string(),
  name: z.string(),
  input: z.unknown(),
});
export type ToolUseBlock = z.infer<typeof ToolUseBlock>;

/** The events of a stream that matter here; others are passed over. */
export const StreamEvent = z.discriminatedUnion("type", [
  z.looseObject({
    type: z.literal("message_start"),
    message: z.looseObject({ usage: WireUsage.nullish() }),
  }),
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
    usage: WireUsage.nullish(),
  }),
  z.looseObject({ type: z.literal("message_stop") }),
  z.looseObject({
    type: z.literal("error"),
    error: z.looseObject({ type: z.string(), message: z.string() }),
  }),
]);
export type StreamEvent = z.infer<typeof StreamEvent>;

/** The names of the events above. */
export const STREAM_EVENT_TYPES: ReadonlySet<string> = new Set(
  StreamEvent.options.flatMap((option) => [...option.shape.type.values]),
);

/** An answer put together, with what is to be sent back as history. */
export interface Answer {
  readonly content: readonly AnswerBlock[];
  readonly stopReason: string | null;
  readonly usage: WireUsage;
}

/** The error body of the API, and of servers that follow it loosely. */
export const ErrorBody = z.looseObject({ error: z.looseObject({ message: z.string() }) });

/** One entry of the conversation that is sent with every request. */
export interface HistoryMessage {
  readonly role: "user" | "assistant";
  readonly content: readonly AnswerBlock[];
}
