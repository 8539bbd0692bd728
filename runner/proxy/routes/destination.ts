import { type Upstream, upstreamAddress, type UpstreamAddress } from "../upstream.ts";
import type { RouteRule } from "./route.ts";

/** The upstream that a request is sent to, and the rule that chose it. */
export interface Destination {
  readonly upstream: Upstream;
  readonly address: UpstreamAddress;
  /** The rule that chose it; null for the provider's own upstream. */
  readonly rule: string | null;
  /** Replaces the request's model; null leaves the body as it came. */
  readonly model: string | null;
}

/** A provider's own upstream as a destination. */
export function ownDestination(upstream: Upstream): Destination {
  return { upstream, address: upstreamAddress(upstream), rule: null, model: null };
}

export function destinationOf({ name, to, model }: RouteRule): Destination {
  return { upstream: to, address: upstreamAddress(to), rule: name, model };
}
