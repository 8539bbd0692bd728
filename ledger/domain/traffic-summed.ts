import { z } from "zod";

import { WindowKey } from "./window.ts";

const Latency = z.number().nonnegative().nullable();

/** What one attempt's requests to models add up to. Requests that a budget refused are left out: no backend saw them. */
export const TrafficFigures = z.looseObject({
  /** Requests to a model that were sent on, however they ended. */
  total_prompts: z.int().nonnegative(),
  /** Tokens of every class, including cache reads, as far as the answers stated them. */
  total_tokens: z.int().nonnegative(),
  /** Percent of the prompts that went to each upstream, by its name. */
  routed_pct: z.record(z.string(), z.number().min(0).max(100)),
  /** Share of failed prompts among those that were answered or failed, 0…1; null without any. */
  error_rate: z.number().min(0).max(1).nullable(),
  /**
   * Milliseconds from a request's head to its answer's end, of prompts that were answered or failed;
   * null if no latency is known.
   */
  mean_latency_ms: Latency,
  /**
   * Median latency, ms, to tenths. Since schema 1.1 a type-7 quantile, as in every report. Rows of
   * schema 1.0 hold the nearest rank.
   */
  p50: Latency,
  /** The 95th percentile, ms, by the same rule as `p50`. */
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
