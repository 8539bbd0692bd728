import { z } from "zod";

import {
  AffectedBy,
  Count,
  exact,
  listOf,
  NumberOrNull,
  Text,
  TextOrNull,
} from "../evidence/schema.ts";
import { EstimateData } from "./estimate.ts";

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

/** A comparison of the baseline with itself: what this set-up calls a difference. */
export const AgainstItself = exact({
  figures: listOf(
    exact({
      figure: Text,
      /** What no difference is: 1 for a ratio, 0 for a difference. */
      equal: z.number(),
      value: NumberOrNull,
      lower: NumberOrNull,
      upper: NumberOrNull,
      /** The level of the interval in percent; fixed-n. */
      level: Count,
      /** Whether the interval leaves out what no difference is; null without an interval. */
      is_different: z.boolean().nullable(),
    }),
  ),
  /** The smallest true cost ratio that is found with `power_min`, by the spread of these pairs. */
  smallest_ratio: NumberOrNull,
  power_min: z.number(),
  /** The power at the gates' cost target. */
  cost_target: z.number(),
  power: NumberOrNull,
  /** What the gate said under each policy; null before the first look. */
  verdicts: z.record(Text, Text).nullable(),
});
export type AgainstItself = z.infer<typeof AgainstItself>;
