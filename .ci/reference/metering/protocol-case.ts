import type { SentRequest } from "../../../runner/gateway/proxy/test-support/send.ts";

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
  /** Whether the connection breaks after the body. */
  readonly isCut?: boolean;
}

/** A request, its answer, and the truth about it. */
export interface ProtocolCase {
  readonly path: string;
  readonly sent: SentRequest & { readonly body: string };
  readonly answer: WireAnswer;
  /** What a model has taken; null if none has worked. */
  readonly truth: { readonly prompt: number; readonly completion: number } | null;
  /** Bytes of the text that has come; without any, nothing is expected of an estimate. */
  readonly textBytes: number;
}
