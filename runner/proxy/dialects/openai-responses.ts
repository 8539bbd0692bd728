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

/** Codex tries again after every other status. With this one it shows the sentence. */
const HARD_STOP_STATUS = 400;

const RESPONSES = /(?:^|\/v\d+|\/codex)\/responses(?:\/compact)?$/;
const COUNT_TOKENS = /(?:^|\/v\d+)\/responses\/input_tokens$/;

/** OpenAI's Responses API. */
export const openaiResponses: Dialect = {
  name: "openai-responses",
  requestIdHeader: "x-request-id",
  convention: "cache_inside",
  kindOf: (path) =>
    RESPONSES.test(path) ? "model" : COUNT_TOKENS.test(path) ? "count_tokens" : null,
  newMeter: () => new OpenaiResponsesMeter(),
  hardStop: (sentence) => openaiError(HARD_STOP_STATUS, sentence),
  streamStop,
  failure: openaiError,
};

/** With this code, and few others, Codex neither tries again nor hides the sentence. */
const STOP_CODE = "invalid_prompt";

function streamStop(message: string): string {
  const error = { code: STOP_CODE, message };
  const response = { id: "resp_stopped", object: "response", status: "failed", error, output: [] };
  const data = JSON.stringify({ type: "response.failed", response });
  return `event: response.failed\ndata: ${data}\n\n`;
}

const COUNTERS = { input: "input_tokens", output: "output_tokens" };
const FINAL = new Set(["response.completed", "response.incomplete", "response.failed"]);
const WITHOUT_USAGE = /^response\.(?:in_progress|output_|content_part|function_call|reasoning)/;

/** Reads the usage of a Responses answer. A stream states it once, in its final event. */
export class OpenaiResponsesMeter implements AnswerMeter {
  readonly #estimate = new OutputEstimate();
  #model: string | null = null;
  #usage: Usage | null = null;
  #isComplete = false;
  #error: string | null = null;

  readEvent({ event, data }: StreamEvent): void {
    // Nearly all events are pieces of the answer's text. Their length is enough.
    if (event?.endsWith(".delta") === true) return this.#estimate.add(data);
    if (event !== undefined && WITHOUT_USAGE.test(event)) return;
    const document = parseJson(data);
    const type = member(document, "type");
    if (typeof type !== "string") return;
    if (FINAL.has(type)) this.#readResponse(member(document, "response"));
    else if (type === "response.created") {
      this.#model = textMember(member(document, "response"), "model");
    } else if (type === "error") {
      this.#error = readOpenaiError(document) ?? readOpenaiError({ error: document });
    } else if (type.endsWith(".delta")) this.#estimate.add(data);
  }

  readDocument(document: unknown): void {
    this.#error = readOpenaiError(document);
    if (this.#error === null) this.#readResponse(document);
  }

  reading(): AnswerReading {
    return {
      model: this.#model,
      usage: this.#usage,
      isComplete: this.#isComplete,
      outputEstimate: this.#isComplete ? null : this.#estimate.tokens(),
      error: this.#error,
    };
  }

  #readResponse(response: unknown): void {
    this.#model = textMember(response, "model") ?? this.#model;
    this.#usage = readOpenaiUsage(member(response, "usage"), COUNTERS);
    this.#isComplete = true;
    this.#error = readOpenaiError(response) ?? this.#error;
  }
}
