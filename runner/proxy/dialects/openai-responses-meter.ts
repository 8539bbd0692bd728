import type { Usage } from "../../../ledger/domain/usage.ts";
import { member, parseJson, textMember } from "../metering/json-value.ts";
import { OutputEstimate } from "../metering/output-estimate.ts";
import type { AnswerMeter, AnswerReading, StreamEvent } from "./dialect.ts";
import { openaiErrorCode } from "./openai-error.ts";
import { readOpenaiUsage } from "./openai-usage.ts";

const COUNTERS = {
  input: "input_tokens",
  inputDetails: "input_tokens_details",
  output: "output_tokens",
  outputDetails: "output_tokens_details",
};

const FINAL = new Set(["response.completed", "response.incomplete", "response.failed"]);
const WITHOUT_USAGE = /^response\.(?:in_progress|output_|content_part|function_call|reasoning)/;

/** A Responses stream tells its usage once, in its final event. */
export class OpenaiResponsesMeter implements AnswerMeter {
  readonly #estimate = new OutputEstimate();
  #model: string | null = null;
  #usage: Usage | null = null;
  #isComplete = false;
  #error: string | null = null;

  isCounted(event: string | undefined): boolean {
    return event?.endsWith(".delta") === true;
  }

  count(dataBytes: number): void {
    this.#estimate.add(dataBytes);
  }

  readEvent({ event, data }: StreamEvent): void {
    if (event !== undefined && WITHOUT_USAGE.test(event)) return;
    const document = parseJson(data);
    const type = member(document, "type");
    if (typeof type !== "string") return;
    if (FINAL.has(type)) return this.#readResponse(member(document, "response"));
    if (type === "response.created") {
      this.#model = textMember(member(document, "response"), "model");
    } else if (type === "error") {
      this.#readError(member(document, "error") ?? document);
    } else if (type.endsWith(".delta")) this.#estimate.add(data.length);
  }

  readDocument(document: unknown): void {
    const error = member(document, "error");
    if (error !== undefined && error !== null) return this.#readError(error);
    this.#readResponse(document);
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
    const error = member(response, "error");
    if (error !== undefined && error !== null) this.#readError(error);
  }

  #readError(error: unknown): void {
    this.#error = openaiErrorCode(error);
  }
}
