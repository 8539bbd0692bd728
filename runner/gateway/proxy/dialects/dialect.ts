import { type BillingDraft, billingOf, laterBilling } from "../../../../ledger/domain/billing.ts";
import type { Usage } from "../../../../ledger/domain/usage.ts";
import type { ModelPart } from "../../../../ledger/sources/tokens/claude-iterations.ts";
import { type OpenaiCounts, usageOfOpenai } from "../../../../ledger/sources/tokens/openai.ts";
import { writtenBytes } from "./written-bytes.ts";

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
  /** Bytes of what the model wrote, and of pieces that say nothing of the kind. */
  #written = 0;
  #others = 0;
  /** Bytes of what the model wrote, in events that say again what others said in pieces. */
  readonly #repeated = new Map<string, number>();
  #billing: BillingDraft = {};
  #searches = 0;

  abstract readEvent(event: MeteredEvent): void;
  abstract readDocument(document: unknown): void;

  addUnread(bytes: number): void {
    this.#others += bytes;
  }

  /** Adds a piece of the answer to the estimated output, in case the answer never states its usage. */
  protected addOutput(piece: string): void {
    const written = writtenBytes(piece);
    if (written === null) this.#others += Math.max(1, piece.length - EVENT_OVERHEAD_CHARACTERS);
    else this.#written += written;
  }

  /** The same for a piece that may say again what came before. The largest sum of a kind counts. */
  protected addRepeated(kind: string, piece: string): void {
    const before = this.#repeated.get(kind) ?? 0;
    this.#repeated.set(kind, before + (writtenBytes(piece) ?? 0));
  }

  /** The same for a whole document, unless it states its usage. */
  protected addDocument(document: unknown): void {
    if ((this.reading().usage?.output ?? 0) === 0) this.addOutput(JSON.stringify(document));
  }

  /** Takes counts in place of earlier ones. A prompt has tokens: a zero says nothing. */
  protected take(counts: OpenaiCounts | undefined): void {
    if (counts === undefined) return;
    const { input = 0, read = 0, written = 0, output = 0 } = counts;
    const hasPrompt = input + read + written > 0;
    if (!hasPrompt && output === 0) return;
    const stated = hasPrompt ? counts : { ...counts, input: undefined };
    const { usage, fault } = usageOfOpenai(stated, 1);
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
    return tokensOfBytes(this.#largestWritten + this.#others);
  }

  get #largestWritten(): number {
    return Math.max(this.#written, ...this.#repeated.values());
  }

  /** An output as it is stated; undefined if it is zero, although the model wrote something. */
  protected believed(output: number | undefined): number | undefined {
    return output === 0 && this.#largestWritten > 0 ? undefined : output;
  }

  reading(): AnswerReading {
    const { model, isComplete, error } = this;
    const usage = this.billed(this.#believedUsage());
    const statesOutput = isComplete && usage?.output !== undefined;
    const outputEstimate = statesOutput ? null : this.estimate;
    return { model, usage, usageFault: this.#usageFault, isComplete, outputEstimate, error };
  }

  #believedUsage(): Usage | null {
    if (this.usage === null) return null;
    const { output, ...others } = this.usage;
    return this.believed(output) === output ? this.usage : others;
  }
}
