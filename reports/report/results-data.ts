import { z } from "zod";

import { PlanCost } from "../../ledger/domain/dollars.ts";
import {
  AffectedBy,
  Count,
  exact,
  listOf,
  NumberOrNull,
  OutcomeCount,
  Role,
  Text,
  TextOrNull,
  WindowCounts,
} from "../evidence/schema.ts";
import { EstimateData } from "./estimate.ts";

const Tokens = Count.nullable();

/** One provider's figures, over its valid windows unless a field says otherwise. */
export const ProviderFigures = exact({
  provider: Text,
  role: Role,
  windows: WindowCounts,
  /** Features with a valid window. */
  features: Count,
  outcomes: listOf(OutcomeCount),
  /** null: no window reports this class. */
  tokens: exact({
    input_uncached: Tokens,
    cache_read: Tokens,
    cache_write_5m: Tokens,
    cache_write_1h: Tokens,
    output: Tokens,
    reasoning: Tokens,
  }),
  /** In the cost's basis: in the valid windows, and elsewhere (earlier attempts, missing windows). */
  tokens_valid: Count,
  tokens_apart: Count,
  cost: exact({
    n: Count,
    mean: NumberOrNull,
    geometric_mean: NumberOrNull,
    lower_bounds: Count,
  }),
  quality: exact({ n: Count, ...EstimateData.def.innerType.shape }),
  requests: exact({
    total: Count,
    errors: Count,
    refused: Count,
    error_rate: NumberOrNull,
    touched_by: AffectedBy,
  }),
  latency_ms: exact({ n: Count, p50: NumberOrNull, p95: NumberOrNull }),
  churn: exact({ n: Count, files_changed: Count, insertions: Count, deletions: Count }),
  /** Use by the proxy's counter, over the provider's finalized windows; null if it can't be proven. */
  capacity: exact({ meter: Text, used: NumberOrNull }),
  /** Features per million tokens, each weighted with its quality: Σ quality ÷ Σ tokens · 10⁶. */
  efficiency: EstimateData,
  touched_by: AffectedBy,
});
export type ProviderFigures = z.infer<typeof ProviderFigures>;

/** One feature in one replicate, for the baseline and a candidate. */
export const PairLine = exact({
  candidate: Text,
  feature_id: Text,
  replicate: Count,
  /** AB: the baseline first. */
  sequence: z.enum(["AB", "BA"]),
  is_complete: z.boolean(),
  /** Why it is not complete. */
  reason: TextOrNull,
  baseline_cost: NumberOrNull,
  candidate_cost: NumberOrNull,
  /** Baseline ÷ candidate: 2 means that the candidate needs half. */
  cost_ratio: NumberOrNull,
  baseline_quality: NumberOrNull,
  candidate_quality: NumberOrNull,
  has_capped: z.boolean(),
  touched_by: AffectedBy,
});
export type PairLine = z.infer<typeof PairLine>;

/** What the pairs of the baseline and one candidate say about cost. */
export const Comparison = exact({
  candidate: Text,
  pairs: exact({
    planned: Count,
    complete: Count,
    ab: Count,
    ba: Count,
    incomplete: Count,
    missing_period1: Count,
    missing_period2: Count,
    capped: Count,
  }),
  /** Features that enter; the unit of inference. */
  features: Count,
  /** Geometric mean of baseline ÷ candidate over the pairs, not adjusted for order. */
  cost_ratio: EstimateData,
  /** The same, adjusted for order: the primary analysis if both orders occur. */
  adjusted_cost_ratio: EstimateData,
  /** Σ baseline ÷ Σ candidate. */
  totals_ratio: NumberOrNull,
  /** Cost in period 1 ÷ cost in period 2, whichever provider. */
  order_effect: EstimateData,
  /** Reported only: it never decides which analysis is used. */
  carryover: exact({ p_two_sided: NumberOrNull, is_warned: z.boolean(), reason: TextOrNull }),
  statements: listOf(Text),
  touched_by: AffectedBy,
});
export type Comparison = z.infer<typeof Comparison>;

/** Three or more providers in one model: least squares of ln cost on task, period and provider. */
export const ArmsFit = exact({
  status: z.enum([
    "ok",
    "zero_variance",
    "no_data",
    "one_sequence",
    "insufficient",
    "invalid_input",
  ]),
  /** Every valid window with a cost enters, also those of incomplete pairs. */
  windows: Count,
  candidates: listOf(
    exact({
      candidate: Text,
      /** Baseline ÷ candidate. */
      cost_ratio: EstimateData,
      /** One-sided p-values against "at most 1" and "at most 2", and the latter after Holm. */
      p_above_1: NumberOrNull,
      p_above_2: NumberOrNull,
      p_above_2_holm: NumberOrNull,
      touched_by: AffectedBy,
    }),
  ),
});
export type ArmsFit = z.infer<typeof ArmsFit>;

const Dollars = z.number().nonnegative().nullable();

/** What a window took of its provider's subscription, as its final row says. */
const PlanLine = exact({
  ...PlanCost.def.innerType.shape,
  /** List price ÷ amount − 1; null if one of them is unknown or 0. */
  list_divergence: NumberOrNull,
});
export type PlanLine = z.infer<typeof PlanLine>;

/** The dollars of one window's finalized attempt, by our price list and as its agent reports them. */
const DollarLine = exact({
  window: Text,
  provider: Text,
  /** null if a model has no price or an answer did not report its usage. */
  amount: Dollars,
  /** The known part of the amount. */
  known: z.number().nonnegative(),
  /** What the agent reports, by a price list of its own. */
  reported: Dollars,
  /** reported ÷ amount − 1; null if one of them is unknown. */
  divergence: NumberOrNull,
  /** Plan price over capacity; null if the provider has no plan. */
  plan: PlanLine.nullable(),
});
export type DollarLine = z.infer<typeof DollarLine>;

export const DollarFigures = exact({
  /** The price list of the last session. */
  prices: exact({ name: Text, as_of: TextOrNull, sha256: Text }).nullable(),
  /** Models without a price, or without one for a class of tokens that they used. */
  unpriced: listOf(exact({ model: Text, provider: Text })),
  /** Requests whose answers did not report all of their usage. */
  untold: Count,
  windows: listOf(DollarLine),
});
export type DollarFigures = z.infer<typeof DollarFigures>;

/** What one provider's manual windows took of one meter. */
export const MeterFigures = exact({
  provider: Text,
  meter: Text,
  unit: Text,
  /** Valid windows whose difference is proven, also if it is 0. */
  n: Count,
  /** Valid windows whose difference is not proven. */
  unproven: Count,
  /** Sum of the proven differences; null without any. */
  used: NumberOrNull,
  /** Features of the proven windows, each weighted with its quality, per 100 units. */
  efficiency: EstimateData,
  touched_by: AffectedBy,
});
export type MeterFigures = z.infer<typeof MeterFigures>;

/** The readings of one attempt at one window. */
export const SnapshotPair = exact({
  window: Text,
  provider: Text,
  attempt: Count,
  before_at: TextOrNull,
  after_at: TextOrNull,
  meters: listOf(
    exact({
      meter: Text,
      unit: Text,
      before: NumberOrNull,
      after: NumberOrNull,
      delta: NumberOrNull,
      /** Why the difference is unknown. */
      flag: TextOrNull,
    }),
  ),
  errors: listOf(Text),
  touched_by: AffectedBy,
});
export type SnapshotPair = z.infer<typeof SnapshotPair>;

/** Figures that only manual windows have. */
export const ManualFigures = exact({
  meters: listOf(MeterFigures),
  snapshots: listOf(SnapshotPair),
});
export type ManualFigures = z.infer<typeof ManualFigures>;

/** What one backend did for a provider's agents, as the proxy recorded it. */
export const BackendTraffic = exact({
  provider: Text,
  backend: Text,
  /** Requests to a model that were sent to it. */
  prompts: Count,
  /** Share of the provider's prompts, 0…100. */
  routed_pct: z.number().min(0).max(100),
  /** Milliseconds from a request's head to its answer's end; null if no latency is known. */
  p50: z.number().nonnegative().nullable(),
  p95: z.number().nonnegative().nullable(),
  /** Share of failed prompts among those that were answered or failed, 0…1; null without any. */
  error_rate: z.number().min(0).max(1).nullable(),
});
export type BackendTraffic = z.infer<typeof BackendTraffic>;
