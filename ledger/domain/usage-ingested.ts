import { z } from "zod";

import { MANUAL_EXPERIMENT } from "./design.ts";
import { Timestamp } from "./timestamp.ts";
import { Usage } from "./usage.ts";

/** Whose requests a count covers: the main agent's, its sub-agents', or both together. */
export const Lane = z.enum(["main", "subagent", "all"]);
export type Lane = z.infer<typeof Lane>;

/** One use of a model, as a foreign source states it. */
export const IngestedEvent = z
  .looseObject({
    /** Unique in its origin: the same event read again has the same id. */
    id: z.string().min(1),
    /** When it happened; null if the source does not say. */
    at: Timestamp.nullable(),
    lane: Lane,
    model: z.string().nullable(),
    usage: Usage,
    /** The source's own figure. */
    cost_usd: z.number().nonnegative().optional(),
    /**
     * The growth of a counter of the session. It counts only if the source has no single requests of the session,
     * which describe the same tokens.
     */
    from_counter: z.literal(true).optional(),
    /** `input_uncached` is the input in all: the source does not say how much of it was cached. */
    input_undivided: z.literal(true).optional(),
  })
  .readonly();
export type IngestedEvent = z.infer<typeof IngestedEvent>;

/**
 * Row `usage_ingested`: events of one session from one foreign source, all with the same place. A later
 * row may repeat an event with a larger output; the largest counts, once.
 */
export const UsageIngested = z.looseObject({
  record: z.literal("usage_ingested"),
  experiment_id: z.literal(MANUAL_EXPERIMENT),
  /** The source, such as `claude-session`. */
  origin: z.string(),
  parser_version: z.string(),
  /** The session, as the source names it. */
  session: z.string(),
  /** The manual window that the events belong to; null with a `reason`. */
  window: z.string().nullable(),
  attempt: z.int().positive().nullable(),
  provider: z.string(),
  /** The agent that works the window; if absent, `main`. */
  window_agent: z.string().optional(),
  /** Why the events belong to no window, in a word. */
  reason: z.string().nullable(),
  events: z.array(IngestedEvent).readonly(),
  /** Cumulative counts as they were read last, by their keys: later counts become differences to them. */
  totals: z.record(z.string(), Usage).optional(),
  /** The counts that were smaller in these readings than before, so that counting starts again. */
  restarted: z.array(z.string()).optional(),
  /** Costs of such counts, where the source states them. */
  total_costs: z.record(z.string(), z.number().nonnegative()).optional(),
});
export type UsageIngested = z.infer<typeof UsageIngested>;
