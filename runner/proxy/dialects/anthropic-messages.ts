import type { Usage } from "../../../ledger/domain/usage.ts";
import {
  errorCode,
  member,
  parseJson,
  readCounters,
  readTokens,
  textMember,
} from "../metering/json-value.ts";
import {
  type AnswerReading,
  type Dialect,
  GatheringMeter,
  type MeteredEvent,
  type OwnAnswer,
} from "./dialect.ts";

/** Only with this status do all clients of this dialect stop after one request and show the sentence. */
const HARD_STOP_STATUS = 402;

const MESSAGES = /(?:^|\/v\d+)\/messages$/;
const COUNT_TOKENS = /(?:^|\/v\d+)\/messages\/count_tokens$/;

/** The name of an error that has none of its own: the account has no money left. */
export const CREDIT_TOO_LOW = "credit_balance_too_low";
const CREDIT_SENTENCE = "credit balance is too low";

/** Anthropic's Messages API, also as other vendors offer it. */
export const anthropicMessages: Dialect = {
  name: "anthropic-messages",
  requestIdHeader: "request-id",
  convention: "cache_apart",
  kindOf: (path) =>
    MESSAGES.test(path) ? "model" : COUNT_TOKENS.test(path) ? "count_tokens" : null,
  newMeter: (upstreamHost) => new AnthropicMessagesMeter(upstreamHost),
  hardStop,
  streamStop: (sentence) => `event: error\ndata: ${JSON.stringify(hardStop(sentence).body)}\n\n`,
  failure: (status, sentence) =>
    answer(status, status < 500 ? "invalid_request_error" : "api_error", sentence),
};

function hardStop(sentence: string): OwnAnswer {
  return answer(HARD_STOP_STATUS, "billing_error", sentence);
}

function answer(status: number, type: string, message: string): OwnAnswer {
  return { status, body: { type: "error", error: { type, message } } };
}

/**
 * Vendors whose opening event includes cached tokens in its input, while the closing event does not
 * (maximhq/bifrost#5510). This matters only for a stream that is cut before its closing usage,
 * because the closing usage replaces the opening one.
 */
const OPENING_HAS_CACHE_INSIDE = new Set(["api.moonshot.ai", "api.moonshot.cn", "api.kimi.com"]);

const WITHOUT_USAGE = new Set(["content_block_start", "content_block_stop", "ping"]);

type PromptCounter = "input_uncached" | "cache_read" | "cache_write_5m" | "cache_write_1h";
type PromptTokens = Partial<Record<PromptCounter, number>>;
type OtherTokens = Partial<Record<"output" | "reasoning" | "web_searches", number>>;

/**
 * Reads the usage of a Messages answer. The usage of a stream is cumulative: a later event replaces
 * what an earlier one stated, field by field, and nothing is added up. A prompt of zero tokens does
 * not exist, so zeros replace nothing: Z.ai opens with zeros (zai-org/GLM-5#139).
 */
export class AnthropicMessagesMeter extends GatheringMeter {
  readonly #upstreamHost: string;
  #prompt: PromptTokens = {};
  #openingOutput: number | undefined;
  #others: OtherTokens = {};

  constructor(upstreamHost: string) {
    super();
    this.#upstreamHost = upstreamHost;
  }

  readEvent({ event, data }: MeteredEvent): void {
    // Nearly all events are pieces of the answer's text. Their length is enough.
    if (event === "content_block_delta") return this.addOutput(data);
    if (event !== undefined && WITHOUT_USAGE.has(event)) return;
    const document = parseJson(data);
    switch (member(document, "type")) {
      case "content_block_delta":
        return this.addOutput(data);
      case "message_start":
        return this.#open(member(document, "message"));
      case "message_delta":
        return this.#readDelta(document);
      case "message_stop":
        this.isComplete = true;
        return;
      case "error":
        return this.#readError(document);
    }
  }

  readDocument(document: unknown): void {
    if (member(document, "type") === "error") return this.#readError(document);
    this.model = textMember(document, "model");
    this.#readUsage(member(document, "usage"));
    this.isComplete = true;
  }

  override reading(): AnswerReading {
    const streamed = Math.max(this.#others.output ?? 0, this.#openingOutput ?? 0, this.estimate);
    const outputEstimate = this.isComplete ? null : streamed;
    return { ...super.reading(), usage: this.#sum(), outputEstimate };
  }

  #open(message: unknown): void {
    this.model = textMember(message, "model");
    const usage = member(message, "usage");
    const prompt = readPrompt(usage);
    const hasCacheInside = OPENING_HAS_CACHE_INSIDE.has(this.#upstreamHost);
    this.#takePrompt(hasCacheInside ? withoutCache(prompt) : prompt);
    this.#openingOutput = readTokens(usage, "output_tokens");
  }

  #readDelta(document: unknown): void {
    this.#readUsage(member(document, "usage"));
    // Some vendors leave `message_stop` out; a stop reason ends the message as well.
    if (typeof member(member(document, "delta"), "stop_reason") === "string") {
      this.isComplete = true;
    }
  }

  #readUsage(usage: unknown): void {
    this.#takePrompt(readPrompt(usage));
    this.#others = largest(this.#others, {
      ...readCounters(usage, { output: "output_tokens" }),
      ...readCounters(member(usage, "output_tokens_details"), { reasoning: "thinking_tokens" }),
      ...readCounters(member(usage, "server_tool_use"), { web_searches: "web_search_requests" }),
    });
  }

  #takePrompt(prompt: PromptTokens): void {
    if (promptTotal(prompt) > 0) this.#prompt = { ...this.#prompt, ...prompt };
  }

  #readError(document: unknown): void {
    const error = member(document, "error");
    const isCredit = (textMember(error, "message") ?? "").includes(CREDIT_SENTENCE);
    this.error = isCredit ? CREDIT_TOO_LOW : errorCode(member(error, "type"), "unnamed_error");
  }

  #sum(): Usage | null {
    const opening = this.isComplete ? this.#openingOutput : undefined;
    const output = this.#others.output ?? opening;
    if (output === undefined && promptTotal(this.#prompt) === 0) return null;
    return {
      ...this.#prompt,
      ...(output === undefined ? {} : { output }),
      ...this.#others,
      requests: 1,
    };
  }
}

function readPrompt(usage: unknown): PromptTokens {
  return {
    ...readCounters(usage, {
      input_uncached: "input_tokens",
      cache_read: "cache_read_input_tokens",
    }),
    ...readCacheWrites(usage),
  };
}

/** Cache writes live for five minutes unless the answer says otherwise, like the vendor's default. */
function readCacheWrites(usage: unknown): PromptTokens {
  const total = readTokens(usage, "cache_creation_input_tokens");
  const split = member(usage, "cache_creation");
  const fiveMinutes = readTokens(split, "ephemeral_5m_input_tokens");
  const oneHour = readTokens(split, "ephemeral_1h_input_tokens");
  if (fiveMinutes === undefined && oneHour === undefined) {
    return total === undefined ? {} : { cache_write_5m: total };
  }
  const unsplit = Math.max(0, (total ?? 0) - (fiveMinutes ?? 0) - (oneHour ?? 0));
  return { cache_write_5m: (fiveMinutes ?? 0) + unsplit, cache_write_1h: oneHour ?? 0 };
}

function promptTotal(prompt: PromptTokens): number {
  return Object.values(prompt).reduce((sum, tokens) => sum + tokens, 0);
}

function withoutCache(prompt: PromptTokens): PromptTokens {
  const input = prompt.input_uncached;
  if (input === undefined) return prompt;
  return { ...prompt, input_uncached: Math.max(0, 2 * input - promptTotal(prompt)) };
}

function largest(earlier: OtherTokens, later: OtherTokens): OtherTokens {
  const counters = [...Object.entries(earlier), ...Object.entries(later)];
  const grouped = Map.groupBy(counters, ([name]) => name);
  return Object.fromEntries(
    [...grouped].map(([name, values]) => [name, Math.max(...values.map(([, tokens]) => tokens))]),
  );
}
