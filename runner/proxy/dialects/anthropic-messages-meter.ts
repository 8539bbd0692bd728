import type { Usage } from "../../../ledger/domain/usage.ts";
import { errorCode } from "../metering/error-code.ts";
import { member, parseJson, textMember } from "../metering/json-value.ts";
import { OutputEstimate } from "../metering/output-estimate.ts";
import { readTokens } from "../metering/read-tokens.ts";
import { openingInputOf } from "./anthropic-messages-quirks.ts";
import { promptTotal, type PromptTokens, readPromptTokens } from "./anthropic-usage.ts";
import type { AnswerMeter, AnswerReading, StreamEvent } from "./dialect.ts";

const WITHOUT_USAGE = new Set(["content_block_start", "content_block_stop", "ping"]);

/**
 * Usage of a Messages stream is cumulative: a later event replaces what an earlier one said, field
 * by field, and nothing is ever added up. A prompt of zero tokens does not exist, so zeros replace
 * nothing.
 */
export class AnthropicMessagesMeter implements AnswerMeter {
  readonly #upstreamHost: string;
  readonly #estimate = new OutputEstimate();
  #model: string | null = null;
  #prompt: PromptTokens = {};
  #openingOutput: number | undefined;
  #output: number | undefined;
  #reasoning: number | undefined;
  #webSearches: number | undefined;
  #isComplete = false;
  #error: string | null = null;

  constructor(upstreamHost: string) {
    this.#upstreamHost = upstreamHost;
  }

  isCounted(event: string | undefined): boolean {
    return event === "content_block_delta";
  }

  count(dataBytes: number): void {
    this.#estimate.add(dataBytes);
  }

  readEvent({ event, data }: StreamEvent): void {
    if (event !== undefined && WITHOUT_USAGE.has(event)) return;
    const document = parseJson(data);
    switch (member(document, "type")) {
      case "content_block_delta":
        return this.#estimate.add(data.length);
      case "message_start":
        return this.#open(member(document, "message"));
      case "message_delta":
        return this.#readDelta(document);
      case "message_stop":
        this.#isComplete = true;
        return;
      case "error":
        return this.#readError(document);
    }
  }

  readDocument(document: unknown): void {
    if (member(document, "type") === "error") return this.#readError(document);
    this.#model = textMember(document, "model");
    this.#readCounters(member(document, "usage"));
    this.#isComplete = document !== undefined;
  }

  reading(): AnswerReading {
    return {
      model: this.#model,
      usage: this.#usage(),
      isComplete: this.#isComplete,
      outputEstimate: this.#isComplete
        ? null
        : Math.max(this.#output ?? 0, this.#openingOutput ?? 0, this.#estimate.tokens()),
      error: this.#error,
    };
  }

  #open(message: unknown): void {
    this.#model = textMember(message, "model");
    const usage = member(message, "usage");
    const prompt = readPromptTokens(usage);
    this.#takePrompt(
      openingInputOf(this.#upstreamHost) === "cache_inside" ? withoutCache(prompt) : prompt,
    );
    this.#openingOutput = readTokens(usage, "output_tokens");
  }

  #readDelta(document: unknown): void {
    this.#readCounters(member(document, "usage"));
    // Some vendors leave `message_stop` out; a stop reason ends the message as well.
    if (typeof member(member(document, "delta"), "stop_reason") === "string") {
      this.#isComplete = true;
    }
  }

  #readCounters(usage: unknown): void {
    this.#takePrompt(readPromptTokens(usage));
    const output = readTokens(usage, "output_tokens");
    if (output !== undefined) this.#output = Math.max(output, this.#output ?? 0);
    const details = member(usage, "output_tokens_details");
    this.#reasoning = readTokens(details, "thinking_tokens") ?? this.#reasoning;
    const searches = readTokens(member(usage, "server_tool_use"), "web_search_requests");
    if (searches !== undefined) this.#webSearches = Math.max(searches, this.#webSearches ?? 0);
  }

  #takePrompt(prompt: PromptTokens): void {
    if (promptTotal(prompt) > 0) this.#prompt = { ...this.#prompt, ...prompt };
  }

  #readError(document: unknown): void {
    this.#error = errorCode(member(member(document, "error"), "type"), "unnamed_error");
  }

  #usage(): Usage | null {
    const output = this.#output ?? (this.#isComplete ? this.#openingOutput : undefined);
    if (output === undefined && promptTotal(this.#prompt) === 0) return null;
    return {
      ...this.#prompt,
      ...(output === undefined ? {} : { output }),
      ...(this.#reasoning === undefined ? {} : { reasoning: this.#reasoning }),
      ...(this.#webSearches === undefined ? {} : { web_searches: this.#webSearches }),
      requests: 1,
    };
  }
}

function withoutCache(prompt: PromptTokens): PromptTokens {
  const input = prompt.input_uncached;
  if (input === undefined) return prompt;
  return { ...prompt, input_uncached: Math.max(0, 2 * input - promptTotal(prompt)) };
}
