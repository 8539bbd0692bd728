import { type BillingDraft, billingOf, laterBilling } from "../../../../ledger/domain/billing.ts";
import type { Usage } from "../../../../ledger/domain/usage.ts";
import type { ModelPart } from "../../../../ledger/sources/tokens/claude-iterations.ts";
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
  /** The members of a body that limit its answer's output. */
  readonly outputLimits: readonly string[];
  /** The member that holds them; absent if they are at the top. */
  readonly limitsIn?: string;
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
  /** Takes note of bytes of the answer that can't be read as events or as a document. */
  addUnread(bytes: number): void;
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
  /** The same by model, the answer's own first, if other models worked for the answer too. */
  readonly parts?: readonly ModelPart[] | undefined;
  /** Why they can't be right. */
  readonly usageFault?: string | undefined;
  /** Whether the vendor's final event, or the whole document, has come. */
  readonly isComplete: boolean;
  /** Output tokens, estimated by what came; null if the answer states its own count. */
  readonly outputEstimate: number | null;
  /** The vendor's error type, if the answer is or ends with an error. */
  readonly error: string | null;
  /** The id of work that goes on after the answer; absent if the work is done. */
  readonly runningId?: string | undefined;
}

/** An answer that the proxy itself gives, as JSON. */
export interface OwnAnswer {
  readonly status: number;
  readonly body: unknown;
}

const EVENT_OVERHEAD_CHARACTERS = 90;
const BYTES_PER_TOKEN = 4;
/** The members that hold what a model wrote: texts, thoughts and the arguments of tools. */
const WRITTEN =
  /"(?:text|thinking|partial_json|content|reasoning|reasoning_content|arguments|delta|refusal)"\s*:\s*"/g;

/**
 * Bytes of the texts in a piece of an answer, also if the piece ends within one. Null if it has no
 * text. An escaped character counts as it is written, which is never less.
 */
export function writtenBytes(piece: string): number | null {
  let bytes: number | null = null;
  WRITTEN.lastIndex = 0;
  while (WRITTEN.test(piece)) {
    const start = WRITTEN.lastIndex;
    const end = endOfString(piece, start);
    bytes = (bytes ?? 0) + Buffer.byteLength(piece.slice(start, end));
    WRITTEN.lastIndex = end;
  }
  return bytes;
}

function endOfString(json: string, start: number): number {
  let quote = json.indexOf('"', start);
  while (quote !== -1 && isEscaped(json, start, quote)) quote = json.indexOf('"', quote + 1);
  return quote === -1 ? json.length : quote;
}

function isEscaped(json: string, from: number, at: number): boolean {
  let start = at;
  while (start > from && json[start - 1] === "\\") start -= 1;
  return (at - start) % 2 === 1;
}

/** The tokens of so many bytes, as long as nothing better is known. */
export function tokensOfBytes(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** What every meter gathers from an answer, and the reading of it. */
export abstract class GatheringMeter implements AnswerMeter {
  protected model: string | null = null;
  protected usage: Usage | null = null;
  #usageFault: string | undefined;
  protected isComplete = false;
  protected error: string | null = null;
  #bytes = 0;
  #billing: BillingDraft = {};
  #searches = 0;

  abstract readEvent(event: MeteredEvent): void;
  abstract readDocument(document: unknown): void;

  addUnread(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Adds a piece of the answer to the estimated output, in case the answer never states its usage. */
  protected addOutput(piece: string): void {
    const written = writtenBytes(piece) ?? piece.length - EVENT_OVERHEAD_CHARACTERS;
    this.#bytes += Math.max(1, written);
  }

  /** The same for a whole document, unless it states its usage. */
  protected addDocument(document: unknown): void {
    if (this.reading().usage?.output === undefined) this.addOutput(JSON.stringify(document));
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
    return tokensOfBytes(this.#bytes);
  }

  reading(): AnswerReading {
    const { model, isComplete, error } = this;
    const usage = this.billed(this.usage);
    const statesOutput = isComplete && usage?.output !== undefined;
    const outputEstimate = statesOutput ? null : this.estimate;
    return { model, usage, usageFault: this.#usageFault, isComplete, outputEstimate, error };
  }
}
