import type { Usage } from "../../../ledger/domain/usage.ts";
import type { ModelPart } from "../../../ledger/sources/tokens/claude-iterations.ts";
import type { AttemptRoute } from "./routes/route.ts";

/**
 * What the proxy asks the budgets. All calls are synchronous, so no other request is decided between
 * a decision and its reservation.
 */
export interface Admission {
  /** Decides before the proxy forwards a model request. An admitted request is settled exactly once. */
  admit(request: AdmissionRequest): AdmissionDecision;
  /** Looks at an admitted answer while it streams. A refusal ends the stream; without this, none is cut. */
  observe?(reservation: string, seen: Glimpse): Refusal | null;
  /**
   * Whether a request may pass that may make a model work without a countable answer (a batch, an
   * embedding, an unknown path). Without this, all such requests pass.
   * @param asked its method and path.
   */
  mayPassUncounted?(route: AttemptRoute, asked: string): boolean;
  /** Called once for every reservation, in any order, before the request's event is reported. */
  settle(reservation: string, settlement: Settlement): void;
}

export interface AdmissionRequest {
  readonly route: AttemptRoute;
  readonly traceId: string;
  /** As the request's body names it; null if the body names none. */
  readonly model: string | null;
  /** The model that a route replaces it with; absent or null if it is unchanged. */
  readonly servedModel?: string | null;
  /** The name of the upstream that the request is for; absent: it has no prices of its own. */
  readonly upstream?: string;
  /** Bytes of the request's body, decoded. */
  readonly bodyBytes: number;
  /** The same, but with a limit on what an embedded picture, recording or file counts; absent: it has none. */
  readonly promptBytes?: number;
  /** The most output tokens that it allows; absent or null if it does not say. */
  readonly outputMax?: number | null;
  readonly subagentId: string | null;
  readonly streaming: boolean;
}

export type AdmissionDecision =
  | { readonly admitted: true; readonly reservation: string }
  /** Only requests in flight stand in its way. It may be asked about again when the promise resolves. */
  | { readonly admitted: false; readonly again: Promise<void> }
  | ({ readonly admitted: false } & Refusal);

/** Why the proxy stops a request, and the sentence that its client gets. */
export interface Refusal {
  /** Shown to the agent. Has no digits and no words that make clients try again. */
  readonly sentence: string;
  /** The budget's name, for the ledger. */
  readonly budget: string;
  /** It may end with time: a later request of the attempt is decided again. */
  readonly isPassing?: boolean;
}

/** What a running answer has shown so far. */
export interface Glimpse {
  readonly usage: Usage | null;
  /** Output tokens streamed, estimated. */
  readonly outputEstimate: number | null;
}

/** How an admitted request ended. */
export interface Settlement {
  /** As far as the answer states it; null if it states nothing, which is not zero. */
  readonly usage: Usage | null;
  /** The same by model, the answer's own first, if other models worked for the answer too. */
  readonly parts?: readonly ModelPart[] | undefined;
  /**
   * `complete`: the answer reached its end. `cut`: it began and broke off, so `usage` is a lower
   * bound. `lost`: the request was sent, and the connection broke before the answer began, so a
   * model may have read the request. `unanswered`: the upstream refused, failed or was never reached.
   */
  readonly ending: "complete" | "cut" | "lost" | "unanswered";
  /** Output tokens streamed before a cut, estimated; null if the answer states its own count. */
  readonly outputEstimate: number | null;
  /** The model that answered, or the requested one if the answer names none. */
  readonly model: string | null;
}
