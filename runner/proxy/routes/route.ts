import type { Upstream } from "../proxy.ts";

/** Where requests that fulfil a condition go instead of the provider's own upstream. */
export interface RouteRule {
  /** The route's name and the rule's place in it, e.g. `subagents-to-glm[0]`. */
  readonly name: string;
  readonly when: RouteCondition;
  readonly to: Upstream;
  /** What the request's model is renamed to; null leaves it, and the body's bytes, as they are. */
  readonly model: string | null;
}

/** All that is said must hold; a condition that says nothing always holds. */
export interface RouteCondition {
  /** Whether the request's headers name a sub-agent. */
  readonly subagent?: boolean | undefined;
  /** A glob for the model that the request asks for. */
  readonly model?: string | undefined;
  /** Share of requests, 0…1, drawn by seed. A sub-agent is drawn once and stays where it is. */
  readonly share?: number | undefined;
}

export interface Routes {
  readonly rules: readonly RouteRule[];
  /** Draws the shares; the same seed and requests give the same routes. */
  readonly seed: string;
}

/** What a route is chosen by. */
export interface RoutedRequest {
  readonly subagentId: string | null;
  readonly model: string | null;
  /** Which of its attempt's routed requests it is, from 1. */
  readonly nth: number;
}
