import { z } from "zod";

import { Count, Estimate, OutcomeCount, TouchedBy } from "./estimate-data.ts";

const Tokens = Count.nullable();

/** What one provider took and did, over its valid windows unless a field says otherwise. */
export const ProviderFigures = z
  .strictObject({
    provider: z.string(),
    role: z.enum(["baseline", "candidate"]),
    windows: z
      .strictObject({
        planned: Count,
        finalized: Count,
        valid: Count,
        missing: Count,
        not_run: Count,
      })
      .readonly(),
    /** Features with a valid window. */
    features: Count,
    outcomes: z.array(OutcomeCount).readonly(),
    /** null: no window says. */
    tokens: z
      .strictObject({
        input_uncached: Tokens,
        cache_read: Tokens,
        cache_write_5m: Tokens,
        cache_write_1h: Tokens,
        output: Tokens,
        reasoning: Tokens,
      })
      .readonly(),
    /** In the cost's basis: of the valid windows, and of everything else (earlier attempts, missing windows). */
    tokens_valid: Count,
    tokens_apart: Count,
    cost: z
      .strictObject({
        n: Count,
        mean: z.number().nullable(),
        geometric_mean: z.number().nullable(),
        lower_bounds: Count,
      })
      .readonly(),
    quality: z.strictObject({ n: Count, ...Estimate.def.innerType.shape }).readonly(),
    requests: z
      .strictObject({
        total: Count,
        errors: Count,
        refused: Count,
        error_rate: z.number().nullable(),
        touched_by: TouchedBy,
      })
      .readonly(),
    latency_ms: z
      .strictObject({ n: Count, p50: z.number().nullable(), p95: z.number().nullable() })
      .readonly(),
    churn: z
      .strictObject({ n: Count, files_changed: Count, insertions: Count, deletions: Count })
      .readonly(),
    /** Used by its own meter, the proxy's counter, over its finalized windows; null where it can't be proven. */
    capacity: z.strictObject({ meter: z.string(), used: z.number().nullable() }).readonly(),
    /** Features per million tokens, each counted with its quality: Σ quality ÷ Σ tokens · 10⁶. */
    efficiency: Estimate,
    touched_by: TouchedBy,
  })
  .readonly();
export type ProviderFigures = z.infer<typeof ProviderFigures>;

/** One feature in one replicate, met by the baseline and a candidate. */
export const PairLine = z
  .strictObject({
    candidate: z.string(),
    feature_id: z.string(),
    replicate: Count,
    /** AB: the baseline first. */
    sequence: z.enum(["AB", "BA"]),
    is_complete: z.boolean(),
    /** Why it is not complete. */
    reason: z.string().nullable(),
    baseline_cost: z.number().nullable(),
    candidate_cost: z.number().nullable(),
    /** Baseline ÷ candidate: 2 means that the candidate needs half. */
    cost_ratio: z.number().nullable(),
    baseline_quality: z.number().nullable(),
    candidate_quality: z.number().nullable(),
    has_capped: z.boolean(),
    touched_by: TouchedBy,
  })
  .readonly();
export type PairLine = z.infer<typeof PairLine>;

/** What the pairs of the baseline with one candidate say about cost. */
export const Comparison = z
  .strictObject({
    candidate: z.string(),
    pairs: z
      .strictObject({
        planned: Count,
        complete: Count,
        ab: Count,
        ba: Count,
        incomplete: Count,
        missing_period1: Count,
        missing_period2: Count,
        capped: Count,
      })
      .readonly(),
    /** Features that enter; the unit of inference. */
    features: Count,
    /** Geometric mean of baseline ÷ candidate over the pairs, not adjusted for order. */
    cost_ratio: Estimate,
    /** The same, adjusted for order: the primary analysis where both orders are present. */
    adjusted_cost_ratio: Estimate,
    /** Σ baseline ÷ Σ candidate. */
    totals_ratio: z.number().nullable(),
    /** Cost in period 1 ÷ cost in period 2, whichever provider. */
    order_effect: Estimate,
    /** Reported only: no analysis is chosen by it. */
    carryover: z
      .strictObject({
        p_two_sided: z.number().nullable(),
        is_warned: z.boolean(),
        reason: z.string().nullable(),
      })
      .readonly(),
    statements: z.array(z.string()).readonly(),
    touched_by: TouchedBy,
  })
  .readonly();
export type Comparison = z.infer<typeof Comparison>;
