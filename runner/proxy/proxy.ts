import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import type { Refusal } from "./admission.ts";

/** A loopback reverse proxy that meters every request and stops those that a budget refuses. */
export interface Proxy {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Makes the key by which the requests of one attempt are known. */
  openAttempt(route: AttemptRoute): AttemptKey;
  /**
   * Refuses later requests with the key and resolves when those in flight are settled. What is
   * still running after the drain time is broken off.
   */
  closeAttempt(key: string): Promise<void>;
  /** Refuses every later request of the attempt; those in flight may finish. The first refusal stays. */
  refuseAttempt(key: string, refusal: Refusal): void;
  /** Requests that have arrived and are not settled. */
  inFlight(): number;
  /** Breaks off what is in flight, settles it, and closes the port. */
  stop(): Promise<void>;
}

/** Whose requests come with a key, and where they go. */
export interface AttemptRoute {
  readonly sessionId: string;
  readonly experimentId: string;
  readonly window: string;
  readonly attempt: number;
  readonly provider: string;
  readonly upstream: Upstream;
}

export interface Upstream {
  readonly name: string;
  /** Where `/v1/messages` is appended; a path and a closing `/v1` are understood. */
  readonly baseUrl: string;
  readonly auth: UpstreamAuth;
}

/** `inherit` lets the client's own credential pass; `key` takes it out and puts this one in. */
export type UpstreamAuth =
  | { readonly mode: "inherit" }
  | { readonly mode: "key"; readonly key: string; readonly header: "x-api-key" | "bearer" };

export interface AttemptKey {
  readonly key: string;
  /** The base URL for the attempt's agent: `${origin}/w/${key}`, without a closing slash. */
  readonly url: string;
}

/** One settled request: the payload of its ledger row. */
export type RequestEvent = ProxiedRequest;
