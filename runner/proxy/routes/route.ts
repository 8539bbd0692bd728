import type { Upstream } from "../upstream.ts";

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
