import type { z } from "zod";

import {
  AffectedBy,
  Count,
  exact,
  listOf,
  NumberOrNull,
  OutcomeCount,
  Role,
  Text,
  WindowCounts,
} from "../evidence/schema.ts";
import { EstimateData } from "./estimate.ts";
import { EndRates } from "./rate-ends.ts";

const Tokens = Count.nullable();

const Latency = exact({ n: Count, p50: NumberOrNull, p95: NumberOrNull });

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
  /** In the windows that are compared: see `latency_by_candidate`. All of them without a baseline. */
  latency_ms: Latency,
  churn: exact({ n: Count, files_changed: Count, insertions: Count, deletions: Count }),
  /** Use by the proxy's counter, over the provider's finalized windows; null if it can't be proven. */
  capacity: exact({ meter: Text, used: NumberOrNull }),
  /** Features per million tokens, each weighted with its quality: Σ quality ÷ Σ tokens · 10⁶. */
  efficiency: EstimateData,
  touched_by: AffectedBy,
  /**
   * Latencies in the complete pairs with each candidate, as the gate has them. If they differ, because
   * the baseline has lost other partners with each, `latency_ms` has no value.
   */
  latency_by_candidate: listOf(exact({ candidate: Text, ...Latency.def.innerType.shape })),
  /** A window that is not final counts by its last attempt. */
  ends: EndRates,
});
export type ProviderFigures = z.infer<typeof ProviderFigures>;
