import { z } from "zod";

import { ExperimentId } from "./experiment.ts";

const Finding = z.enum(["confirmed", "contradicted", "inconclusive"]);
const Count = z.int().nonnegative();

/** What a look says about each criterion: literally, at this n, and at any time of looking. */
const LookCriteria = z
  .looseObject({
    cost: z.looseObject({ point: z.boolean(), fixed: Finding, anytime: Finding, sign: Finding }),
    quality: z.looseObject({ point: z.boolean(), fixed: Finding, anytime: Finding }),
    errors: z.looseObject({ point: z.boolean(), fixed: Finding }),
    latency: z.looseObject({ point: z.boolean(), fixed: Finding }),
    deterministic_regressions: Count,
  })
  .readonly();

/**
 * Row `look_taken`: one computation of the decision statistics for one candidate, over the complete
 * pairs of the longest resolved prefix of the schedule. Two looks at the same data have the same
 * fingerprint; the second is not recorded.
 */
export const LookTaken = z.looseObject({
  record: z.literal("look_taken"),
  experiment_id: ExperimentId,
  candidate: z.string(),
  /** SHA-256 (hex) over the sorted names and values of the windows of the complete pairs. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  n_pairs: Count,
  /** Valid windows of baseline and candidate. */
  windows_baseline: Count,
  windows_candidate: Count,
  /** Relative width of the 95 % interval of the cost ratio; null if it is not finite. */
  ci_width: z.number().nullable(),
  zero_variance: z.boolean(),
  /** Whether a pair that is counted has a window that was stopped by its own budget. */
  capped: z.boolean(),
  power: z.number().nullable(),
  quality_ratio: z.number().nullable(),
  criteria: LookCriteria,
  /** The numbers behind it; null if the data do not support one. */
  figures: z.record(z.string(), z.unknown()),
  /** Whether the experiment's allocation or order was broken when the look was taken. */
  srm_alarm: z.boolean(),
  protocol_violations: Count,
  /** The seed of resampling. */
  seed: z.string(),
  /** Families of tasks with a complete pair; absent if no task names one. */
  n_families: Count.optional(),
});
export type LookTaken = z.infer<typeof LookTaken>;
