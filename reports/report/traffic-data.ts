import { z } from "zod";

import { Count, exact, listOf, Text } from "../evidence/schema.ts";

/** What one backend did for a provider's agents, as the proxy recorded it. */
export const BackendTraffic = exact({
  provider: Text,
  backend: Text,
  /** Requests to a model that were sent to it. */
  prompts: Count,
  /** Share of the provider's prompts, 0…100. */
  routed_pct: z.number().min(0).max(100),
  /**
   * Milliseconds from a request's head to its answer's end, in the windows of the provider's
   * `latency_ms`; of all prompts if no pair is complete. null if there is no one value.
   */
  p50: z.number().nonnegative().nullable(),
  p95: z.number().nonnegative().nullable(),
  /** Share of failed prompts among those that were answered or failed, 0…1; null without any. */
  error_rate: z.number().min(0).max(1).nullable(),
  /** Those of the prompts that a sub-agent sent. */
  subagent_prompts: Count,
});
export type BackendTraffic = z.infer<typeof BackendTraffic>;

/** Requests of a provider's agents for which a model may have worked, and which nothing could count. */
export const UnmeteredTraffic = exact({
  provider: Text,
  passed: Count,
  /** A budget held, so the proxy did not send them on. */
  refused: Count,
});
export type UnmeteredTraffic = z.infer<typeof UnmeteredTraffic>;

/** Connections of a provider's agents to one host and port. */
const Connection = exact({ provider: Text, host: Text, port: Count, count: Count });
export type Connection = z.infer<typeof Connection>;

/** What agents reached besides their models, and what they asked for in vain. */
export const Network = exact({
  /** As registered. */
  mode: z.enum(["closed", "allowed-hosts", "open"]),
  /** The hosts that the experiment or a task allows. */
  allowed: listOf(Text),
  /** Final windows whose agents had no sandbox, so that nothing held their connections back. */
  unlimited_windows: Count,
  /** Final windows with a sandbox whose connections were counted. */
  counted_windows: Count,
  blocked: listOf(Connection),
  tunnelled: listOf(
    exact({ ...Connection.def.innerType.shape, bytes_sent: Count, bytes_received: Count }),
  ),
  /** Attempts without an end, or whose harness was gone before it: their connections are not known. */
  unknown_attempts: Count,
});
export type Network = z.infer<typeof Network>;
