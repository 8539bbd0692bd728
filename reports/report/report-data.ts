import { z } from "zod";

import { Outcome } from "../../ledger/domain/outcome.ts";
import { TokenBasis } from "../../ledger/domain/token-basis.ts";

const Count = z.int().nonnegative();
const Tokens = Count.nullable();

/** Numbers of the anomalies (`anomalies[].number`) that touch the figures beside them. */
const TouchedBy = z.array(z.int().positive()).readonly();

/** A two-sided 95 % interval, fixed-n. */
const Interval = z.strictObject({ lower: z.number(), upper: z.number() }).readonly();
export type IntervalData = z.infer<typeof Interval>;

/** An estimate that may be missing; `reason` says why, and is null where nothing is missing. */
const Estimate = z
  .strictObject({
    value: z.number().nullable(),
    ci95: Interval.nullable(),
    p_two_sided: z.number().nullable(),
    df: Count.nullable(),
    reason: z.string().nullable(),
  })
  .readonly();
export type EstimateData = z.infer<typeof Estimate>;

const Task = z
  .strictObject({
    feature_id: z.string(),
    title: z.string().nullable(),
    stratum: z.string().nullable(),
    digest: z.string().nullable(),
  })
  .readonly();

export const ProviderQuestion = z
  .strictObject({
    provider: z.string(),
    role: z.enum(["baseline", "candidate"]),
    driver: z.string().nullable(),
    vendor: z.string().nullable(),
    model: z.string().nullable(),
    upstream: z.string().nullable(),
  })
  .readonly();
export type ProviderQuestion = z.infer<typeof ProviderQuestion>;

export const Asked = z
  .strictObject({
    name: z.string(),
    experiment_id: z.string(),
    registered_at: z.string().nullable(),
    registration_sha256: z.string().nullable(),
    seed: z.string().nullable(),
    baseline: z.string().nullable(),
    candidates: z.array(z.string()).readonly(),
    cost_measure: z.enum(["tokens", "usd"]),
    /** Token classes that a cost in tokens counts. */
    token_basis: TokenBasis,
    /** false: the providers' vendors count tokens differently. */
    is_cost_comparable: z.boolean(),
    providers: z.array(ProviderQuestion).readonly(),
    tasks: z.array(Task).readonly(),
  })
  .readonly();
export type Asked = z.infer<typeof Asked>;

const Session = z
  .strictObject({
    session_id: z.string(),
    opened_at: z.string(),
    resumed: z.boolean(),
    /** Why it ended; null where it left no word. */
    closed: z.string().nullable(),
  })
  .readonly();

/** One planned window and what became of it. */
export const WindowLine = z
  .strictObject({
    window: z.string().nullable(),
    feature_id: z.string(),
    replicate: Count,
    period: Count,
    provider: z.string(),
    executed_order: Count.nullable(),
    attempts: Count,
    state: z.enum(["valid", "missing", "not_run"]),
    outcome: Outcome.nullable(),
    /** Why the window is missing or was stopped. */
    reason: z.string().nullable(),
    scenarios_passed: Count.nullable(),
    scenarios: Count.nullable(),
    quality: z.number().nullable(),
    cost: z.number().nullable(),
    /** The window was capped: its work would have cost more. */
    is_lower_bound: z.boolean(),
    touched_by: TouchedBy,
  })
  .readonly();
export type WindowLine = z.infer<typeof WindowLine>;

const OutcomeCount = z.strictObject({ outcome: Outcome, windows: Count }).readonly();

export const Ran = z
  .strictObject({
    sessions: z.array(Session).readonly(),
    windows: z
      .strictObject({
        planned: Count,
        finalized: Count,
        valid: Count,
        missing: Count,
        not_run: Count,
      })
      .readonly(),
    attempts: z.strictObject({ opened: Count, interrupted: Count, unfinished: Count }).readonly(),
    outcomes: z.array(OutcomeCount).readonly(),
    missing: z
      .array(
        z
          .strictObject({ provider: z.string(), period: Count, cause: z.string(), windows: Count })
          .readonly(),
      )
      .readonly(),
    schedule: z.array(WindowLine).readonly(),
  })
  .readonly();
export type Ran = z.infer<typeof Ran>;

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
    efficiency: z.number().nullable(),
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

export const AnomalyLine = z
  .strictObject({
    number: z.int().positive(),
    id: z.string(),
    kind: z.string(),
    recorded_at: z.string(),
    /** As the row names them. */
    touches: z.array(z.string()).readonly(),
    /** The windows that they belong to. */
    windows: z.array(z.string()).readonly(),
    action: z.string(),
  })
  .readonly();
export type AnomalyLine = z.infer<typeof AnomalyLine>;

const Limit = z
  .strictObject({
    /** Tokens; null: unlimited. */
    limit: Count.nullable(),
    /** Where the limit came from. */
    origin: z.string().nullable(),
    used: Count,
  })
  .readonly();
export type LimitData = z.infer<typeof Limit>;

export const Budgets = z
  .strictObject({
    mode: z.string().nullable(),
    basis: TokenBasis,
    /** Of all attempts of all sessions. */
    overall: Limit,
    /** Reserved for requests that were never settled; counts as used. */
    unsettled: Count,
    /** Taken beyond what requests had reserved. */
    overshoot: Count,
    /** A command's limit holds per attempt: `used` is that of the dearest one. */
    commands: z
      .array(
        z
          .strictObject({
            command: z.string(),
            attempts: Count,
            total: Count,
            ...Limit.def.innerType.shape,
          })
          .readonly(),
      )
      .readonly(),
    events: z
      .array(
        z
          .strictObject({ budget: z.string(), warned: Count, refused: Count, breached: Count })
          .readonly(),
      )
      .readonly(),
    touched_by: TouchedBy,
  })
  .readonly();
export type Budgets = z.infer<typeof Budgets>;

/** Everything that a report says, from the ledger alone; the same ledger gives the same bytes. */
export const ReportData = z
  .strictObject({
    report_version: z.literal("1.0.0"),
    title: z.string(),
    /** Every model was scripted: the figures say nothing about a real one. */
    is_scripted: z.boolean(),
    asked: Asked,
    ran: Ran,
    providers: z.array(ProviderFigures).readonly(),
    pairs: z.array(PairLine).readonly(),
    comparisons: z.array(Comparison).readonly(),
    anomalies: z.array(AnomalyLine).readonly(),
    /** Rows that do not keep their schema; they enter nowhere. */
    unreadable_rows: z
      .array(z.strictObject({ record: z.string(), rows: Count }).readonly())
      .readonly(),
    budgets: Budgets,
    /** How graded code was kept apart, by number of windows. */
    isolation: z
      .array(z.strictObject({ isolation: z.string(), windows: Count }).readonly())
      .readonly(),
    versions: z
      .array(
        z.strictObject({ name: z.string(), versions: z.array(z.string()).readonly() }).readonly(),
      )
      .readonly(),
    /** Command lines that ask the same question again. */
    reproduce: z.array(z.string()).readonly(),
  })
  .readonly();
export type ReportData = z.infer<typeof ReportData>;

/** The JSON Schema of `experiment report --json`. */
export function reportJsonSchema(): object {
  return z.toJSONSchema(ReportData);
}
