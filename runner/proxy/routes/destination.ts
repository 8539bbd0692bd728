import type { Upstream } from "../proxy.ts";
import { upstreamAddress, type UpstreamAddress } from "../upstream-address.ts";

/** Where one request is sent. */
export interface Destination {
  readonly upstream: Upstream;
  readonly address: UpstreamAddress;
  /** The rule that sent it there; null for the provider's own upstream. */
  readonly rule: string | null;
  /** What its model is renamed to; null leaves the body as it came. */
  readonly model: string | null;
}

/** A provider's own upstream as a destination. */
export function ownDestination(upstream: Upstream): Destination {
  return { upstream, address: upstreamAddress(upstream), rule: null, model: null };
}
