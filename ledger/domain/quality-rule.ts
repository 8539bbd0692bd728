import { z } from "zod";

/** How the quality of a graded window is computed. It belongs to the frozen question. */
export const QualityRule = z.enum([
  /** The mean of two shares: visible scenarios passed and held-out scenarios passed. */
  "mean-of-shares",
  /** The share of all scenarios that passed. Registrations that name no rule began under this one. */
  "share-of-scenarios",
]);
export type QualityRule = z.infer<typeof QualityRule>;

/** The rule by which this program grades. */
export const QUALITY_RULE: QualityRule = "mean-of-shares";
/** The rule of a registration that names none. */
export const FORMER_QUALITY_RULE: QualityRule = "share-of-scenarios";
