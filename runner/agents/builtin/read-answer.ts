import { createParser } from "eventsource-parser";
import { z } from "zod";

import type { Usage } from "../../../ledger/domain/usage.ts";
import { AnthropicMessagesMeter } from "../../gateway/proxy/dialects/anthropic-messages.ts";
import type { AnswerMeter } from "../../gateway/proxy/dialects/dialect.ts";
import { member, parseJson } from "../../platform/json/json-value.ts";
import { ApiFailure } from "./retry.ts";

/** A block of an answer. Kinds that the agent does not know are sent back unchanged. */
const MessageBlock = z.looseObject({ type: z.string() });
export type MessageBlock = z.infer<typeof MessageBlock>;

/** An answer in one piece. */
const WholeMessage = z.looseObject({
  content: z.array(MessageBlock),
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
const StreamEvent = z.discriminatedUnion("type", [
  z.looseObject({
    type: z.literal("content_block_start"),
    index: z.int().nonnegative(),
    content_block: MessageBlock,
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
type StreamEvent = z.infer<typeof StreamEvent>;

const STREAM_EVENT_TYPES: ReadonlySet<string> = new Set(
  StreamEvent.options.flatMap((option) => [...option.shape.type.values]),
);

/** A whole answer, with the content that the agent sends back as history. */
export interface ModelAnswer {
  readonly content: readonly MessageBlock[];
  readonly stopReason: string | null;
  readonly usage: Usage;
}

/** The error body of the API, and of servers that follow it loosely. */
export const ErrorBody = z.looseObject({ error: z.looseObject({ message: z.string() }) });

/** One entry of the conversation that is sent with every request. */
export interface HistoryMessage {
  readonly role: "user" | "assistant";
  readonly content: readonly MessageBlock[];
}

const STREAM_BYTES_MAX = 64 * 1024 * 1024;
const EVENT_CHARACTERS_MAX = 16 * 1024 * 1024;
const CHARACTERS_SHOWN = 200;

/** Error types in a stream after which the same request may well succeed. */
const PASSING_ERRORS = new Set(["overloaded_error", "api_error", "rate_limit_error"]);

/** The only key of a tool input that is not valid JSON. */
export const BROKEN_INPUT = "unreadable_json";

/** Reads an answer in one piece. */
export function readWhole(text: string): ModelAnswer {
  const document = parseJson(text);
  const { success, data } = WholeMessage.safeParse(document);
  if (!success) {
    throw new ApiFailure("The server's answer is not a message of the Messages API.", {
      isRetryable: false,
    });
  }
  const meter = new AnthropicMessagesMeter("");
  meter.readDocument(document);
  return { content: data.content, stopReason: data.stop_reason ?? null, usage: usageOf(meter) };
}

/** Reads an answer from a stream of server-sent events, however its bytes are split. */
export async function readStream(body: AsyncIterable<Uint8Array>): Promise<ModelAnswer> {
  const assembly = new AnswerAssembly();
  const decoder = new TextDecoder();
  const parser = createParser({
    maxBufferSize: EVENT_CHARACTERS_MAX,
    onEvent: ({ data }) => assembly.add(data),
    onError: (error) => {
      if (error.type === "max-buffer-size-exceeded") throw tooLong();
    },
  });
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > STREAM_BYTES_MAX) throw tooLong();
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (assembly.isComplete) return assembly.finish();
  }
  // Some vendors leave the last event out; a stop reason ends the message as well.
  if (assembly.hasStopReason) return assembly.finish();
  throw new ApiFailure("The answer's stream ended before its last event.", { isRetryable: true });
}

/** Builds an answer from the events of its stream. */
class AnswerAssembly {
  readonly #meter = new AnthropicMessagesMeter("");
  readonly #blocks = new Map<number, MessageBlock>();
  readonly #inputs = new Map<number, string>();
  #stopReason: string | null = null;
  isComplete = false;

  get hasStopReason(): boolean {
    return this.#stopReason !== null;
  }

  /** Throws an ApiFailure if the event is the server's error. */
  add(data: string): void {
    this.#meter.readEvent({ data });
    const event = readEvent(data);
    switch (event?.type) {
      case "content_block_start":
        this.#blocks.set(event.index, event.content_block);
        break;
      case "content_block_delta":
        this.#addDelta(event);
        break;
      case "message_delta":
        this.#stopReason = event.delta.stop_reason ?? this.#stopReason;
        break;
      case "message_stop":
        this.isComplete = true;
        break;
      case "error":
        throw new ApiFailure(`${event.error.type}: ${event.error.message}`, {
          isRetryable: PASSING_ERRORS.has(event.error.type),
        });
      case undefined:
    }
  }

  finish(): ModelAnswer {
    const indexes = [...this.#blocks.keys()].toSorted((a, b) => a - b);
    const content = indexes.flatMap((index) => this.#finishBlock(index) ?? []);
    return { content, stopReason: this.#stopReason, usage: usageOf(this.#meter) };
  }

  #addDelta({ index, delta }: Extract<StreamEvent, { type: "content_block_delta" }>): void {
    const block = this.#blocks.get(index);
    if (block === undefined) return;
    for (const field of ["text", "thinking", "signature"] as const) {
      if (delta.type !== `${field}_delta`) continue;
      const before = block[field];
      block[field] = `${typeof before === "string" ? before : ""}${delta[field] ?? ""}`;
    }
    if (delta.type === "input_json_delta") {
      this.#inputs.set(index, `${this.#inputs.get(index) ?? ""}${delta.partial_json ?? ""}`);
    }
  }

  /** Leaves out a text block that stayed empty: the API refuses it in a history. */
  #finishBlock(index: number): MessageBlock | undefined {
    const block = this.#blocks.get(index);
    if (block?.type === "text" && block["text"] === "") return undefined;
    const json = this.#inputs.get(index) ?? "";
    if (block === undefined || json === "") return block;
    // The history needs an object, and the model gets an explanation.
    return { ...block, input: parseJson(json) ?? { [BROKEN_INPUT]: json } };
  }
}

/** Undefined for kinds of events that do not build an answer. */
function readEvent(data: string): StreamEvent | undefined {
  const json = parseJson(data);
  if (!STREAM_EVENT_TYPES.has(String(member(json, "type")))) return undefined;
  const parsed = StreamEvent.safeParse(json);
  if (parsed.success) return parsed.data;
  const shown = data.length > CHARACTERS_SHOWN ? `${data.slice(0, CHARACTERS_SHOWN)}…` : data;
  throw new ApiFailure(`The answer's stream has an event that cannot be read: ${shown}`, {
    isRetryable: true,
  });
}

/** A counter that the server did not state stays absent. */
function usageOf(meter: AnswerMeter): Usage {
  return meter.reading().usage ?? { requests: 1 };
}

function tooLong(): ApiFailure {
  return new ApiFailure("The answer's stream is longer than any answer can be.", {
    isRetryable: false,
  });
}
