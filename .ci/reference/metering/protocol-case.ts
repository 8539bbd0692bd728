import type { Usage } from "../../../ledger/domain/usage.ts";
import type { SentRequest } from "../../../runner/gateway/proxy/test-support/send.ts";

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
  /** Whether the connection breaks after the body. */
  readonly isCut?: boolean;
  /** Whether it breaks before the head. */
  readonly isLost?: boolean;
}

/** What a model has taken for an answer. */
export interface Taken {
  /** All of the prompt, also what came from a cache. */
  readonly prompt: number;
  readonly completion: number;
  /** The parts of the prompt that have another price; by default none. */
  readonly cached?: Partial<Pick<Usage, "cache_read" | "cache_write_5m" | "cache_write_1h">>;
}

/** A request, its answer, and the truth about it. */
export interface ProtocolCase {
  readonly path: string;
  readonly sent: SentRequest & { readonly body: string };
  readonly answer: WireAnswer;
  /** What a model has taken; null if none has worked. */
  readonly truth: Taken | null;
  /** Bytes of the text that has come; without any, nothing is expected of an estimate. */
  readonly textBytes: number;
}
