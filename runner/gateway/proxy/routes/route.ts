import type { NetworkPolicy } from "../network/network-policy.ts";
import type { Renewals } from "../renewal/renewal.ts";
import { type Upstream, upstreamAddress } from "../upstream.ts";

/** Sends requests that meet a condition to another upstream than the provider's own. */
export interface RouteRule {
  /** The route's name and the rule's place in it, e.g. `subagents-to-glm[0]`. */
  readonly name: string;
  readonly when: RouteCondition;
  readonly to: Upstream;
  /** Replaces the request's model; null leaves it, and the body's bytes, as they are. */
  readonly model: string | null;
}

/** Every stated part must hold; an empty condition always holds. */
export interface RouteCondition {
  /** Whether the request's headers name a sub-agent. */
  readonly subagent?: boolean | undefined;
  /** A glob for the model that the request asks for. */
  readonly model?: string | undefined;
  /** Share of requests, 0…1, drawn by seed. A sub-agent is drawn once and keeps its route. */
  readonly share?: number | undefined;
}

export interface Routes {
  readonly rules: readonly RouteRule[];
  /** Draws the shares; the same seed and requests give the same routes. */
  readonly seed: string;
}

/** The facts of a request that decide its route. */
export interface RoutedRequest {
  readonly subagentId: string | null;
  readonly model: string | null;
  /** Its number among the attempt's routed requests, from 1. */
  readonly nth: number;
}

/** The attempt that a key belongs to, and where its requests go. */
export interface AttemptRoute {
  readonly sessionId: string;
  readonly experimentId: string;
  readonly window: string;
  readonly attempt: number;
  /** The place of a role's turn in the attempt; absent for an agent that works alone. */
  readonly turn?: number;
  readonly provider: string;
  /** The agent that works a manual window, unless it is `main`. */
  readonly windowAgent?: string;
  readonly upstream: Upstream;
  /** Contains the agent's own folders. A replay moves recorded paths from this folder to another. */
  readonly folder?: string;
  /** Sends some of the requests to other upstreams. */
  readonly routes?: Routes;
  /** Requests of the attempt that may start in a second. More requests wait, in their order. */
  readonly requestsPerS?: number;
  /** The hosts that a sandboxed agent may reach besides its models; by default none. */
  readonly network?: NetworkPolicy;
  /** false: the agent knows the proxy's address, so it has no reason to ask for a vendor's host. */
  readonly isIntercepted?: boolean;
  /** Takes what the agent sends by OpenTelemetry below `/otlp` of its address, one line of JSON an export. */
  readonly takeTelemetry?: (line: string) => Promise<void> | void;
  /** The agent has a log-in that it may have to renew. */
  readonly renewals?: Renewals;
}

/** The upstream that a request is sent to, and the rule that chose it. */
export type Destination = ReturnType<typeof destinationOf>;

/** A rule's destination; without a name, a provider's own. A model of null leaves the body as it came. */
export function destinationOf({ name, to, model }: Destined) {
  return { upstream: to, address: upstreamAddress(to), rule: name, model };
}

type Destined = Pick<RouteRule, "to" | "model"> & { readonly name: string | null };
