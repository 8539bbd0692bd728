import { type BillingDraft, billingOf, laterBilling } from "../../../../ledger/domain/billing.ts";
import type { Usage } from "../../../../ledger/domain/usage.ts";
import { type OpenaiCounts, usageOfOpenai } from "../../../../ledger/sources/tokens/openai.ts";

/** The names of the APIs, as rows and experiment files have them. */
export const DIALECT_NAMES = [
  "anthropic-messages",
  "openai-responses",
  "openai-chat",
  "gemini",
] as const;
export type DialectName = (typeof DIALECT_NAMES)[number];

/** A vendor's API: which requests it has, and how its answers are read and made. */
export interface Dialect {
  readonly name: DialectName;
  /** The answer header that the vendor's clients write into their session logs. */
  readonly requestIdHeader: string;
  /** Whether the vendor's `input_tokens` excludes cached tokens or includes them. */
  readonly convention: "cache_apart" | "cache_inside";
  /** What a path asks for; null if it is not of this dialect. */
  kindOf(path: string): "model" | "count_tokens" | null;
  /** The model that a path names; absent if bodies name it. */
  modelIn?(path: string): string | null;
  /** A fresh meter for one answer of the upstream on that host. */
  newMeter(upstreamHost: string): AnswerMeter;
  /** The answer that ends a run at once, without another try. */
  hardStop(sentence: string): OwnAnswer;
  /** The event that ends a running stream for good, as it is sent. */
  streamStop(sentence: string): string;
  /** The answer to a failure that is not a budget's refusal. */
  failure(status: number, sentence: string): OwnAnswer;
}

/** Reads one answer's usage from a copy of it. */
export interface AnswerMeter {
  /** One event of a stream. */
  readEvent(event: MeteredEvent): void;
  /** The whole of an answer that is one JSON document. */
  readDocument(document: unknown): void;
  reading(): AnswerReading;
}

export interface MeteredEvent {
  readonly event?: string | undefined;
  readonly data: string;
}

export interface AnswerReading {
  readonly model: string | null;
  /** Null if the answer did not state it, or if its counts can't be right. */
  readonly usage: Usage | null;
  /** Why they can't be right. */
  readonly usageFault?: string | undefined;
  /** Whether the vendor's final event, or the whole document, has come. */
  readonly isComplete: boolean;
  /** Output tokens streamed, estimated; null if the answer states its own count. */
  readonly outputEstimate: number | null;
  /** The vendor's error type, if the answer is or ends with an error. */
  readonly error: string | null;
}

/** An answer that the proxy itself gives, as JSON. */
export interface OwnAnswer {
  readonly status: number;
  readonly body: unknown;
}

const EVENT_OVERHEAD_CHARACTERS = 90;
const CHARACTERS_PER_TOKEN = 4;

/** What every meter gathers from an answer, and the reading of it. */
export abstract class GatheringMeter implements AnswerMeter {
  protected model: string | null = null;
  protected usage: Usage | null = null;
  #usageFault: string | undefined;
  protected isComplete = false;
  protected error: string | null = null;
  #characters = 0;
  #billing: BillingDraft = {};
  #searches = 0;

  abstract readEvent(event: MeteredEvent): void;
  abstract readDocument(document: unknown): void;

  /** Adds an event's data to the estimated output, in case the stream is cut before its usage. */
  protected addOutput({ length }: string): void {
    this.#characters += Math.max(1, length - EVENT_OVERHEAD_CHARACTERS);
  }

  /** Takes counts in place of earlier ones. */
  protected take(counts: OpenaiCounts | undefined): void {
    if (counts === undefined) return;
    const { usage, fault } = usageOfOpenai(counts, 1);
    this.usage = usage;
    this.#usageFault = fault;
  }

  /** Takes what an answer states about its price, in place of what it stated earlier. */
  protected bill(billing: BillingDraft, searches = 0): void {
    this.#billing = laterBilling(this.#billing, billing);
    this.#searches = Math.max(this.#searches, searches);
  }

  /** A usage with what the answer states about its price. */
  protected billed(usage: Usage | null): Usage | null {
    if (usage === null) return null;
    const billing = billingOf(this.#billing);
    return {
      ...usage,
      ...(this.#searches === 0 ? {} : { web_searches: this.#searches }),
      ...(billing === undefined ? {} : { billing }),
    };
  }

  protected get estimate(): number {
    return Math.ceil(this.#characters / CHARACTERS_PER_TOKEN);
  }

  reading(): AnswerReading {
    const { model, isComplete, error } = this;
    const usage = this.billed(this.usage);
    const outputEstimate = isComplete ? null : this.estimate;
    return { model, usage, usageFault: this.#usageFault, isComplete, outputEstimate, error };
  }
}
