import { z } from "zod";

import { Outcome } from "../../ledger/domain/outcome.ts";

/** A number of things. */
export const Count = z.int().nonnegative();

/** Numbers of the anomalies (`anomalies[].number`) that touch the figures beside them. */
export const TouchedBy = z.array(z.int().positive()).readonly();

/** A two-sided 95 % interval, fixed-n. */
const Interval = z.strictObject({ lower: z.number(), upper: z.number() }).readonly();
export type IntervalData = z.infer<typeof Interval>;

/** An estimate that may be missing; `reason` says why, and is null where nothing is missing. */
export const Estimate = z
  .strictObject({
    value: z.number().nullable(),
    ci95: Interval.nullable(),
    p_two_sided: z.number().nullable(),
    df: Count.nullable(),
    reason: z.string().nullable(),
  })
  .readonly();
export type EstimateData = z.infer<typeof Estimate>;

/** How many windows ended so. */
export const OutcomeCount = z.strictObject({ outcome: Outcome, windows: Count }).readonly();
