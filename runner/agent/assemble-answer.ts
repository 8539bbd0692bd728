import { ApiFailure } from "./api-failure.ts";
import { laterUsage } from "./canonical-usage.ts";
import type { Answer, AnswerBlock, StreamEvent, WireUsage } from "./messages.ts";
import { parseJson } from "./parse-json.ts";

/** Error types in a stream after which the same request may well succeed. */
const PASSING_ERRORS = new Set(["overloaded_error", "api_error", "rate_limit_error"]);

/** Puts an answer together from the events of its stream. */
export class AnswerAssembly {
  readonly #blocks = new Map<number, AnswerBlock>();
  readonly #inputs = new Map<number, string>();
  #usage: WireUsage = {};
  #stopReason: string | null = null;
  #isComplete = false;

  /** Throws an ApiFailure where the event is the server's error. */
  add(event: StreamEvent): void {
    switch (event.type) {
      case "message_start":
        this.#usage = event.message.usage ?? {};
        break;
      case "content_block_start":
        this.#blocks.set(event.index, event.content_block);
        break;
      case "content_block_delta":
        this.#addDelta(event.index, event.delta);
        break;
      case "message_delta":
        this.#usage = laterUsage(this.#usage, event.usage ?? {});
        this.#stopReason = event.delta.stop_reason ?? this.#stopReason;
        break;
      case "message_stop":
        this.#isComplete = true;
        break;
      case "error":
        throw new ApiFailure(`${event.error.type}: ${event.error.message}`, {
          isRetryable: PASSING_ERRORS.has(event.error.type),
        });
    }
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Some vendors leave the last event out; a stop reason ends the message as well. */
  get hasStopReason(): boolean {
    return this.#stopReason !== null;
  }

  finish(): Answer {
    const indexes = [...this.#blocks.keys()].toSorted((a, b) => a - b);
    const content = indexes.flatMap((index) => this.#finishBlock(index) ?? []);
    return { content, stopReason: this.#stopReason, usage: this.#usage };
  }

  #addDelta(
    index: number,
    delta: Extract<StreamEvent, { index: number; delta: unknown }>["delta"],
  ) {
    const block = this.#blocks.get(index);
    if (block === undefined) return;
    const append = (field: "text" | "thinking" | "signature"): void => {
      const before = block[field];
      block[field] = `${typeof before === "string" ? before : ""}${delta[field] ?? ""}`;
    };
    if (delta.type === "text_delta") append("text");
    if (delta.type === "thinking_delta") append("thinking");
    if (delta.type === "signature_delta") append("signature");
    if (delta.type === "input_json_delta") {
      this.#inputs.set(index, `${this.#inputs.get(index) ?? ""}${delta.partial_json ?? ""}`);
    }
  }

  /** A text block that stayed empty is left out: the API refuses it in a history. */
  #finishBlock(index: number): AnswerBlock | undefined {
    const block = this.#blocks.get(index);
    if (block?.type === "text" && block["text"] === "") return undefined;
    const json = this.#inputs.get(index);
    if (block === undefined || json === undefined || json === "") return block;
    return { ...block, ...readInput(json) };
  }
}

/** Input that is no JSON is kept aside: the history needs an object, the model an explanation. */
function readInput(json: string): Readonly<Record<string, unknown>> {
  return { input: parseJson(json) ?? { [BROKEN_INPUT]: json } };
}

/** The only key of a tool input that could not be read as JSON. */
export const BROKEN_INPUT = "unreadable_json";
