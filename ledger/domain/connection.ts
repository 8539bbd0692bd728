import { z } from "zod";

import { WindowKey } from "./window.ts";

/** Connections of one attempt's agent to one host and port. */
const Connections = {
  ...WindowKey,
  /** As the agent asked for it, in lower case; `(others)` beyond a hundred, `(unreadable)` for no host. */
  host: z.string(),
  /** 0 if the agent named none. */
  port: z.int().nonnegative(),
  count: z.int().positive(),
};

/** Row `blocked_connection`: connections that the proxy refused, because the network policy does not allow them. */
export const BlockedConnection = z.looseObject({
  record: z.literal("blocked_connection"),
  ...Connections,
});
export type BlockedConnection = z.infer<typeof BlockedConnection>;

/** Row `tunnelled_connection`: connections that the network policy allowed, with their bytes. */
export const TunnelledConnection = z.looseObject({
  record: z.literal("tunnelled_connection"),
  ...Connections,
  /** From the agent to the host. */
  bytes_sent: z.int().nonnegative(),
  bytes_received: z.int().nonnegative(),
});
export type TunnelledConnection = z.infer<typeof TunnelledConnection>;
