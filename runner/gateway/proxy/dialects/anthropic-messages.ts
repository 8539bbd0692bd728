import { billingOf } from "../../../../ledger/domain/billing.ts";
import { tokensIn } from "../../../../ledger/domain/token-basis.ts";
import { NO_USAGE, type Usage } from "../../../../ledger/domain/usage.ts";
import {
  type ModelPart,
  splitByModel,
  sumParts,
} from "../../../../ledger/sources/tokens/claude-iterations.ts";
import {
  type ClaudeCounts,
  readClaudeBilling,
  readClaudeOutput,
  readClaudePrompt,
  usageOfClaudeCounts,
} from "../../../../ledger/sources/tokens/claude.ts";
import { errorCode, member, parseJson, textMember } from "../../../platform/json/json-value.ts";
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

/** Claude on Vertex AI: its path names the model, and its body does not. */
const VERTEX = /\/publishers\/anthropic\/models\/([^/:]+):(?:stream)?rawpredict$/;
/** Vertex AI names the counting of tokens in place of a model. */
const VERTEX_COUNT = "count-tokens";

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
  outputLimits: ["max_tokens"],
  newMeter: (upstreamHost) => new AnthropicMessagesMeter(upstreamHost),
  hardStop,
  streamStop: (sentence) => `event: error\ndata: ${JSON.stringify(hardStop(sentence).body)}\n\n`,
  failure: (status, sentence) =>
    answer(status, status < 500 ? "invalid_request_error" : "api_error", sentence),
};

/** The same API behind Google's Vertex AI. */
export const claudeOnVertex: Dialect = {
  ...anthropicMessages,
  kindOf: (path) => {
    const [, model] = VERTEX.exec(path) ?? [];
    if (model === undefined) return null;
    return model === VERTEX_COUNT ? "count_tokens" : "model";
  },
  modelIn: (path) => VERTEX.exec(path)?.[1] ?? null,
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

/** Nearly all events are pieces of what the model wrote. Their length is enough. */
const PIECES: ReadonlySet<unknown> = new Set(["content_block_start", "content_block_delta"]);
const WITHOUT_USAGE = new Set(["content_block_stop", "ping"]);

/**
 * Reads the usage of a Messages answer. The usage of a stream is cumulative: a later event replaces
 * what an earlier one stated, field by field, and nothing is added up. A prompt of zero tokens does
 * not exist, so zeros replace nothing: Z.ai opens with zeros (zai-org/GLM-5#139).
 */
export class AnthropicMessagesMeter extends GatheringMeter {
  readonly #upstreamHost: string;
  #prompt: ClaudeCounts = {};
  #openingOutput: number | undefined;
  #others: ClaudeCounts = {};
  /** The last usage that lists the steps of the server's work. */
  #withSteps: unknown;

  constructor(upstreamHost: string) {
    super();
    this.#upstreamHost = upstreamHost;
  }

  readEvent({ event, data }: MeteredEvent): void {
    if (PIECES.has(event)) return this.addOutput(data);
    if (event !== undefined && WITHOUT_USAGE.has(event)) return;
    const document = parseJson(data);
    // An event that is cut off can't be read.
    if (document === undefined || PIECES.has(member(document, "type"))) return this.addOutput(data);
    switch (member(document, "type")) {
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
    this.addDocument(document);
  }

  override reading(): AnswerReading {
    const parts = this.#parts();
    const usage = parts === null ? null : sumParts(parts);
    const streamed = Math.max(this.#others.output ?? 0, this.#openingOutput ?? 0, this.estimate);
    const statesOutput = this.isComplete && usage?.output !== undefined;
    return {
      ...super.reading(),
      usage: this.billed(usage),
      ...this.#partsByModel(parts),
      outputEstimate: statesOutput ? null : streamed,
    };
  }

  #open(message: unknown): void {
    this.model = textMember(message, "model");
    const usage = member(message, "usage");
    this.bill(readClaudeBilling(usage));
    const prompt = readClaudePrompt(usage);
    const hasCacheInside = OPENING_HAS_CACHE_INSIDE.has(this.#upstreamHost);
    this.#takePrompt(hasCacheInside ? withoutCache(prompt) : prompt);
    this.#openingOutput = readClaudeOutput(usage).output;
  }

  #readDelta(document: unknown): void {
    this.#readUsage(member(document, "usage"));
    // Some vendors leave `message_stop` out; a stop reason ends the message as well.
    if (typeof member(member(document, "delta"), "stop_reason") === "string") {
      this.isComplete = true;
    }
  }

  #readUsage(usage: unknown): void {
    this.bill(readClaudeBilling(usage));
    if (member(usage, "iterations") !== undefined) this.#withSteps = usage;
    this.#takePrompt(readClaudePrompt(usage));
    this.#others = largest(this.#others, readClaudeOutput(usage));
  }

  #takePrompt(prompt: ClaudeCounts): void {
    if (hasAny(prompt)) this.#prompt = laterPrompt(this.#prompt, prompt);
  }

  #readError(document: unknown): void {
    const error = member(document, "error");
    const isCredit = (textMember(error, "message") ?? "").includes(CREDIT_SENTENCE);
    this.error = isCredit ? CREDIT_TOO_LOW : errorCode(member(error, "type"), "unnamed_error");
  }

  /** Some streams state their output at the opening only. It is too little if more text came. */
  #openingIsFinal(): boolean {
    return this.isComplete && this.estimate <= (this.#openingOutput ?? 0);
  }

  /**
   * The answer's tier and region hold for all models, its calls of tools count once. A cost that it states is the
   * whole's: then there are no parts.
   */
  #partsByModel(parts: readonly ModelPart[] | null): Pick<AnswerReading, "parts"> {
    if (parts === null || parts.length === 1) return {};
    const billing = this.billed(NO_USAGE)?.billing;
    if (billing === undefined) return { parts };
    if (billing.stated_usd !== undefined) return {};
    const shared = billingOf({ ...billing, tool_calls: null });
    return {
      parts: parts.map(({ model, usage }) => {
        const own = model === null ? billing : shared;
        return { model, usage: own === undefined ? usage : { ...usage, billing: own } };
      }),
    };
  }

  #parts() {
    const whole = this.#sum();
    return whole === null ? null : splitByModel(whole, this.#withSteps);
  }

  #sum(): Usage | null {
    const opening = this.#openingIsFinal() ? this.#openingOutput : undefined;
    const output = this.believed(this.#others.output ?? opening);
    if (output === undefined && !hasAny(this.#prompt)) return null;
    return usageOfClaudeCounts({ ...this.#prompt, ...this.#others, output }, 1);
  }
}

const CACHED = ["read", "written", "written5m", "written1h"] as const;

/**
 * A prompt as it was stated last. Some gateways close with zeros for the cache that they opened with. If their input
 * has grown, it has the cached tokens inside, and nothing is known of them. Otherwise zeros replace nothing.
 */
function laterPrompt(earlier: ClaudeCounts, later: ClaudeCounts): ClaudeCounts {
  const prompt = { ...earlier, ...later };
  const isZeroed = hasCached(earlier) && !hasCached(later) && later.read === 0;
  if (!isZeroed) return prompt;
  const hasGrown = (later.input ?? 0) > (earlier.input ?? 0);
  for (const name of CACHED) prompt[name] = hasGrown ? undefined : earlier[name];
  return prompt;
}

function hasCached(prompt: ClaudeCounts): boolean {
  return CACHED.some((name) => (prompt[name] ?? 0) > 0);
}

function hasAny(prompt: ClaudeCounts): boolean {
  return Object.values(prompt).some((tokens) => (tokens ?? 0) > 0);
}

function withoutCache(prompt: ClaudeCounts): ClaudeCounts {
  const { input } = prompt;
  if (input === undefined) return prompt;
  const cached = tokensIn("all", usageOfClaudeCounts({ ...prompt, input: 0 }, 0));
  return { ...prompt, input: Math.max(0, input - cached) };
}

function largest(earlier: ClaudeCounts, later: ClaudeCounts): ClaudeCounts {
  const counts = { ...earlier };
  for (const name of ["output", "reasoning", "searches"] as const) {
    const [before, now] = [earlier[name], later[name]];
    if (now !== undefined) counts[name] = Math.max(before ?? 0, now);
  }
  return counts;
}
