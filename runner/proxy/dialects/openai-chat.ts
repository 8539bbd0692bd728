import type { Usage } from "../../../ledger/domain/usage.ts";
import { member, parseJson, textMember } from "../metering/json-value.ts";
import {
  type AnswerMeter,
  type AnswerReading,
  type Dialect,
  OutputEstimate,
  type StreamEvent,
} from "./dialect.ts";
import { openaiError, readOpenaiError, readOpenaiUsage } from "./openai-answers.ts";

const HARD_STOP_STATUS = 402;
const COMPLETIONS = /\/chat\/completions$/;

/** OpenAI's Chat Completions API, also as other vendors offer it. */
export const openaiChat: Dialect = {
  name: "openai-chat",
  requestIdHeader: "x-request-id",
  convention: "cache_inside",
  kindOf: (path) => (COMPLETIONS.test(path) ? "model" : null),
  newMeter: () => new OpenaiChatMeter(),
  hardStop: (sentence) => openaiError(HARD_STOP_STATUS, sentence),
  // Without the closing "[DONE]", because the answer is not whole.
  streamStop: (sentence) =>
    `data: ${JSON.stringify(openaiError(HARD_STOP_STATUS, sentence).body)}\n\n`,
  failure: openaiError,
};

const COUNTERS = { input: "prompt_tokens", output: "completion_tokens" };
const DONE = "[DONE]";
/** A text would contain it with escaped quotes, so only a member can match. */
const WORTH_PARSING = /"(?:usage|error)"\s*:\s*\{|"finish_reason"\s*:\s*"/;

/**
 * Reads the usage of a Chat answer. A stream states it in its last chunk, and only if the request
 * asked for it: a stream without one is complete with unknown usage. If every chunk has a usage, the
 * last one counts.
 */
export class OpenaiChatMeter implements AnswerMeter {
  readonly #estimate = new OutputEstimate();
  #model: string | null = null;
  #usage: Usage | null = null;
  #isComplete = false;
  #error: string | null = null;

  readEvent({ data }: StreamEvent): void {
    if (data === DONE) {
      this.#isComplete = true;
      return;
    }
    this.#estimate.add(data);
    if (this.#model !== null && !WORTH_PARSING.test(data)) return;
    const chunk = parseJson(data);
    this.#readMembers(chunk);
    if (hasFinished(chunk)) this.#isComplete = true;
  }

  readDocument(document: unknown): void {
    this.#readMembers(document);
    this.#isComplete = this.#error === null;
  }

  reading(): AnswerReading {
    const statesOutput = this.#isComplete && this.#usage?.output !== undefined;
    return {
      model: this.#model,
      usage: this.#usage,
      isComplete: this.#isComplete,
      outputEstimate: statesOutput ? null : this.#estimate.tokens(),
      error: this.#error,
    };
  }

  #readMembers(chunk: unknown): void {
    this.#model = textMember(chunk, "model") ?? this.#model;
    this.#usage = readOpenaiUsage(member(chunk, "usage"), COUNTERS) ?? this.#usage;
    this.#error = readOpenaiError(chunk) ?? this.#error;
  }
}

function hasFinished(chunk: unknown): boolean {
  const choices = member(chunk, "choices");
  return (
    Array.isArray(choices) &&
    choices.some((choice: unknown) => typeof member(choice, "finish_reason") === "string")
  );
}
