import { z } from "zod";

import { fieldHints } from "../config/field-hints.ts";
import { PEAK_FIELDS } from "./peak-fields.ts";

/** The smallest movement that the vendors' panes show, in percent. */
const STEP_PERCENT = 1;
const DOLLARS_MAX = 1_000_000;
const DAYS_MAX = 3660;

/** What a subscription costs, and the vendor's meter that says how much of it was taken. */
export const PlanPrice = z
  .strictObject({
    /** Dollars for `per_days`. */
    usd: z.number().positive().max(DOLLARS_MAX),
    /** Days that the price pays for. */
    per_days: z.number().positive().max(DAYS_MAX).default(30),
    /** The meter as the vendor's readings name it, e.g. `5h` or `weekly`. */
    meter: z.string().min(1).max(100).register(fieldHints, {
      expected: "the name of a meter, as the vendor's readings call it",
      mend: "Write e.g. 5h or weekly.",
    }),
    /** The smallest movement that the meter shows, in percent of its limit. */
    step_percent: z.number().positive().max(100).default(STEP_PERCENT),
    /** Hours in which its capacity is used up faster; the meter tells by how much. */
    peak: z.strictObject(PEAK_FIELDS).readonly().optional(),
    /** Where this figure was read, if elsewhere than the rest of its list. */
    source: z.string().min(1).optional(),
  })
  .readonly()
  .register(fieldHints, {
    expected: "a price over a meter",
    mend: "Write e.g. { usd: 200, per_days: 30, meter: weekly }.",
  });
export type PlanPrice = z.infer<typeof PlanPrice>;

/** Plans by the name that providers call them. */
export const PlanPrices = z.record(z.string().min(1).max(200), PlanPrice);

/** A plan, and where its price was found. */
export interface FoundPlan {
  readonly name: string;
  readonly list: string;
  /** `YYYY-MM-DD`, of the list; null where it has no date. */
  readonly asOf: string | null;
  readonly price: PlanPrice;
}
