import type { Usage } from "../../../ledger/domain/usage.ts";

/** One vendor's language: which requests are its own, what they ask, and how answers are read and made. */
export interface Dialect {
  readonly name: "anthropic-messages" | "openai-responses" | "openai-chat";
  /** The answer header that the vendor's clients write into their session logs. */
  readonly requestIdHeader: string;
  /** Whether the vendor's `input_tokens` leaves cached tokens out or has them inside. */
  readonly convention: "cache_apart" | "cache_inside";
  /** What a path asks for; null where it is not of this dialect. */
  kindOf(path: string): "model" | "count_tokens" | null;
  /** From the body's decoded bytes. */
  readFacts(body: Buffer): RequestFacts;
  /** A fresh meter for one answer of the upstream on that host. */
  newMeter(upstreamHost: string): AnswerMeter;
  /** The answer that ends a run at once, without another try. */
  hardStop(sentence: string): OwnAnswer;
  /** The event that ends a running stream for good, as it is sent. */
  streamStop(sentence: string): string;
  /** An answer about a failure that is not the client's doing, or not a budget's. */
  failure(status: number, sentence: string): OwnAnswer;
}

export interface RequestFacts {
  readonly model: string | null;
  readonly streaming: boolean;
}

/** Reads one answer's usage from a copy of it. */
export interface AnswerMeter {
  /** Whether events of that name hold nothing but a piece of the answer, so that counting them is enough. */
  isCounted(event: string | undefined): boolean;
  /** Counts such an event instead of reading it. */
  count(dataBytes: number): void;
  /** One event of a stream. */
  readEvent(event: StreamEvent): void;
  /** The whole of an answer that is one JSON document. */
  readDocument(document: unknown): void;
  reading(): AnswerReading;
}

export interface StreamEvent {
  readonly event?: string | undefined;
  readonly data: string;
}

export interface AnswerReading {
  readonly model: string | null;
  /** null: the answer did not say. */
  readonly usage: Usage | null;
  /** The vendor's final event, or the whole document, was there. */
  readonly isComplete: boolean;
  /** Output tokens streamed, roughly; null where the answer says its own count. */
  readonly outputEstimate: number | null;
  /** The vendor's error type, where the answer is or ends with an error. */
  readonly error: string | null;
}

/** An answer that the proxy itself gives, as JSON. */
export interface OwnAnswer {
  readonly status: number;
  readonly body: unknown;
}
