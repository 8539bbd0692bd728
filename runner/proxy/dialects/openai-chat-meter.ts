import type { Usage } from "../../../ledger/domain/usage.ts";
import { member, parseJson, textMember } from "../metering/json-value.ts";
import { OutputEstimate } from "../metering/output-estimate.ts";
import type { AnswerMeter, AnswerReading, StreamEvent } from "./dialect.ts";
import { openaiErrorCode } from "./openai-error.ts";
import { readOpenaiUsage } from "./openai-usage.ts";

const COUNTERS = {
  input: "prompt_tokens",
  inputDetails: "prompt_tokens_details",
  output: "completion_tokens",
  outputDetails: "completion_tokens_details",
};

const DONE = "[DONE]";
/** In a text it would be written with escaped quotes, so that only a member can match. */
const WORTH_PARSING = /"(?:usage|error)"\s*:\s*\{|"finish_reason"\s*:\s*"/;

/**
 * A Chat stream tells its usage in a last chunk, and only if the request asked for it: a stream
 * without one is complete with its usage unknown. Where a server tells it in every chunk, the last
 * one counts.
 */
export class OpenaiChatMeter implements AnswerMeter {
  readonly #estimate = new OutputEstimate();
  #model: string | null = null;
  #usage: Usage | null = null;
  #isComplete = false;
  #error: string | null = null;

  /** Chunks have no names: any of them may hold the usage. */
  isCounted(): boolean {
    return false;
  }

  count(dataBytes: number): void {
    this.#estimate.add(dataBytes);
  }

  readEvent({ data }: StreamEvent): void {
    if (data === DONE) {
      this.#isComplete = true;
      return;
    }
    this.#estimate.add(data.length);
    if (this.#model !== null && !WORTH_PARSING.test(data)) return;
    const chunk = parseJson(data);
    this.#model = textMember(chunk, "model") ?? this.#model;
    this.#readMembers(chunk);
    if (hasFinished(chunk)) this.#isComplete = true;
  }

  readDocument(document: unknown): void {
    this.#model = textMember(document, "model");
    this.#readMembers(document);
    this.#isComplete = this.#error === null;
  }

  reading(): AnswerReading {
    const tellsOutput = this.#isComplete && this.#usage?.output !== undefined;
    return {
      model: this.#model,
      usage: this.#usage,
      isComplete: this.#isComplete,
      outputEstimate: tellsOutput ? null : this.#estimate.tokens(),
      error: this.#error,
    };
  }

  #readMembers(chunk: unknown): void {
    this.#usage = readOpenaiUsage(member(chunk, "usage"), COUNTERS) ?? this.#usage;
    const error = member(chunk, "error");
    if (error !== undefined && error !== null) {
      this.#error = openaiErrorCode(error);
    }
  }
}

function hasFinished(chunk: unknown): boolean {
  const choices = member(chunk, "choices");
  return (
    Array.isArray(choices) &&
    choices.some((choice: unknown) => typeof member(choice, "finish_reason") === "string")
  );
}
