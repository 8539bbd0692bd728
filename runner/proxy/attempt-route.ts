import type { Routes } from "./routes/route.ts";
import type { Upstream } from "./upstream.ts";

/** The attempt that a key belongs to, and where its requests go. */
export interface AttemptRoute {
  readonly sessionId: string;
  readonly experimentId: string;
  readonly window: string;
  readonly attempt: number;
  readonly provider: string;
  readonly upstream: Upstream;
  /** Contains the agent's own folders. A replay moves recorded paths from this folder to another. */
  readonly folder?: string;
  /** Sends some of the requests to other upstreams. */
  readonly routes?: Routes;
  /** Requests of the attempt that may start in a second. More requests wait, in their order. */
  readonly requestsPerS?: number;
}
