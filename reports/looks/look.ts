import { z } from "zod";

/** What the data say about a criterion at a stated error rate. */
const CriterionFinding = z.enum(["confirmed", "contradicted", "inconclusive"]);
export type CriterionFinding = z.infer<typeof CriterionFinding>;

const Count = z.int().nonnegative();
const Figure = z.number().nullable();
const Literal = { point: z.boolean(), fixed: CriterionFinding };
const Anytime = { ...Literal, anytime: CriterionFinding };

/**
 * One look at one candidate, as the gates read it. `null`: not available. Every criterion is read
 * literally (`point`), at this number of pairs (`fixed`) and at any time of looking (`anytime`, `sign`).
 */
export const Look = z.strictObject({
  /** Hash of the data: looks with the same hash are the same look. */
  fingerprint: z.string(),
  nPairs: Count,
  /** Families of tasks with a complete pair; absent if no task names one. */
  nFamilies: Count.optional(),
  /** Valid windows of the baseline and of the candidate. */
  windowsA: Count,
  windowsB: Count,
  /** Relative width of the 95 % interval of the cross-over cost ratio. */
  ciWidth: Figure,
  zeroVariance: z.boolean(),
  /** Whether a pair that the look counts has a window whose cost is a lower bound. */
  capped: z.boolean().optional(),
  power: Figure,
  qualityRatio: Figure,
  criteria: z.strictObject({
    cost: z.strictObject({ ...Anytime, sign: CriterionFinding }),
    quality: z.strictObject(Anytime),
    errors: z.strictObject(Literal),
    latency: z.strictObject(Literal),
    /** Deterministic tests that pass under the baseline and fail under the candidate. */
    deterministicRegressions: Count,
  }),
});
export type Look = Readonly<z.infer<typeof Look>>;
export type LookCriteria = Look["criteria"];
