import type { Meter } from "../../ledger/domain/meter.ts";
import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";
import type { Refusal } from "./admission.ts";
import type { Routes } from "./routes/route.ts";
import type { UpstreamHealth, WindowUsage } from "./status/status-board.ts";

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
  /** The same of one attempt's requests; 0 for a key that is not known. */
  inFlightOf(key: string): number;
  /** What the vendor last told of its meters with an answer to one of the attempt's requests. */
  metersOf(key: string): readonly Meter[];
  /** What it told of each first. */
  firstMetersOf(key: string): readonly Meter[];
  status(): ProxyStatus;
  /** Breaks off what is in flight, settles it, and closes the port. */
  stop(): Promise<void>;
}

/** How a proxy stands: what `GET /-/status` answers. */
export interface ProxyStatus {
  readonly in_flight: number;
  readonly attempts: readonly AttemptStatus[];
  readonly windows: readonly WindowUsage[];
  readonly upstreams: readonly UpstreamHealth[];
  /** As far as budgets are kept, each with what is used and set aside. */
  readonly budgets: readonly unknown[];
}

interface AttemptStatus {
  readonly window: string;
  readonly attempt: number;
  readonly provider: string;
  readonly in_flight: number;
  /** The budget that refuses its requests; null while they pass. */
  readonly refused_by: string | null;
  readonly meters: readonly Meter[];
}

/** Whose requests come with a key, and where they go. */
export interface AttemptRoute {
  readonly sessionId: string;
  readonly experimentId: string;
  readonly window: string;
  readonly attempt: number;
  readonly provider: string;
  readonly upstream: Upstream;
  /** The folder that its agent's own ones are in: a recording of it is played in another one. */
  readonly folder?: string;
  /** Where some of its requests go instead. */
  readonly routes?: Routes;
  /** Requests of it that may start in a second; more wait, in their order. */
  readonly requestsPerS?: number;
}

export interface Upstream {
  readonly name: string;
  /** Where `/v1/messages` is appended; a path and a closing `/v1` are understood. */
  readonly baseUrl: string;
  readonly auth: UpstreamAuth;
  /** Requests to it that may start in a second, from all attempts together; more wait. */
  readonly requestsPerS?: number;
  /** Whether it is told whose request it is: a recording, which is played by that. */
  readonly isTape?: boolean;
}

/** `inherit` lets the client's own credential pass; `key` takes it out and puts this one in. */
export type UpstreamAuth =
  | { readonly mode: "inherit" }
  | { readonly mode: "key"; readonly key: string; readonly header: "x-api-key" | "bearer" };

export interface AttemptKey {
  readonly key: string;
  /** The base URL for the attempt's agent: `${origin}/w/${key}`, without a closing slash. */
  readonly url: string;
  /** For an agent that has no such setting, as its `HTTPS_PROXY`: `http://${key}@127.0.0.1:PORT`. */
  readonly proxyUrl: string;
}

/** One settled request: the payload of its ledger row. */
export type RequestEvent = ProxiedRequest;
