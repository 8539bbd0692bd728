import type { Usage } from "../../ledger/domain/usage.ts";
import type { AttemptRoute } from "./proxy.ts";

/**
 * What the proxy asks of the budgets. Both calls are synchronous: between a decision and its
 * reservation no other request can be decided.
 */
export interface Admission {
  /** Decides before a model request is forwarded. An admitted one is settled exactly once. */
  admit(request: AdmissionRequest): AdmissionDecision;
  /**
   * Told of an admitted answer while it streams; a refusal ends the stream there. Where it is
   * absent no stream is ever cut.
   */
  observe?(reservation: string, seen: Glimpse): Refusal | null;
  /**
   * Whether a request may pass that makes a model work in a way that nobody can count (a batch, an
   * embedding); where this is absent, all pass.
   */
  mayPassUncounted?(route: AttemptRoute): boolean;
  /** Called once for every reservation, in any order, before the request's event is reported. */
  settle(reservation: string, settlement: Settlement): void;
}

export interface AdmissionRequest {
  readonly route: AttemptRoute;
  readonly traceId: string;
  /** As the request's body names it; null where it names none. */
  readonly model: string | null;
  /** The model that a route makes of it; absent or null where it is sent on as it is. */
  readonly servedModel?: string | null;
  /** Bytes of the request's body, decoded. */
  readonly bodyBytes: number;
  readonly subagentId: string | null;
  readonly streaming: boolean;
}

export type AdmissionDecision =
  | { readonly admitted: true; readonly reservation: string }
  | ({ readonly admitted: false } & Refusal);

/** Why a request goes no further, and what its client is told. */
export interface Refusal {
  /** Shown to the agent. Without digits and without words that make clients try again. */
  readonly sentence: string;
  /** The budget's name, for the ledger. */
  readonly budget: string;
}

/** What a running answer has shown so far. */
export interface Glimpse {
  readonly usage: Usage | null;
  /** Output tokens streamed, roughly. */
  readonly outputEstimate: number | null;
}

/** What became of an admitted request. */
export interface Settlement {
  /** As far as the answer told; null where it told nothing, which is not zero. */
  readonly usage: Usage | null;
  /**
   * `complete`: the answer reached its end. `cut`: it began and did not, so that `usage` is a
   * lower bound. `unanswered`: the upstream refused, failed or was never reached.
   */
  readonly ending: "complete" | "cut" | "unanswered";
  /** Output tokens streamed before a cut, roughly; null where the answer says its own count. */
  readonly outputEstimate: number | null;
  /** The model that answered, or, where the answer names none, the one that was asked for. */
  readonly model: string | null;
}
