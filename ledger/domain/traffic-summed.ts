import { z } from "zod";

import { WindowKey } from "./window.ts";

const Latency = z.number().nonnegative().nullable();

/** What one attempt's requests to models add up to. Requests that a budget refused are left out: no backend saw them. */
export const TrafficFigures = z.looseObject({
  /** Requests to a model that were sent on, however they ended. */
  total_prompts: z.int().nonnegative(),
  /** Tokens of every class, cache reads included, as far as the answers told. */
  total_tokens: z.int().nonnegative(),
  /** Percent of the prompts that went to each upstream, by its name. */
  routed_pct: z.record(z.string(), z.number().min(0).max(100)),
  /** Share of the prompts that ended with an error status or a network error, 0…1; null without prompts. */
  error_rate: z.number().min(0).max(1).nullable(),
  /** Milliseconds from a request's head to its answer's end; null where no latency is known. */
  mean_latency_ms: Latency,
  /** Median latency, ms: the nearest rank, so that it is one that was seen. */
  p50: Latency,
  /** Latency that 95 % of the prompts kept, ms, by the nearest rank. */
  p95: Latency,
});
export type TrafficFigures = z.infer<typeof TrafficFigures>;

/** Row `window_traffic_summed`: the telemetry of one attempt at a window, summed up at its close. */
export const WindowTrafficSummed = z.looseObject({
  record: z.literal("window_traffic_summed"),
  ...WindowKey,
  ...TrafficFigures.shape,
});
export type WindowTrafficSummed = z.infer<typeof WindowTrafficSummed>;
