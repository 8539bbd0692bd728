import { z } from "zod";

import { fieldHints } from "../yaml/field-hints.ts";
import { PEAK_FIELDS } from "./peak-hours.ts";

/** The smallest movement that the vendors' panes show, in percent. */
const STEP_PERCENT = 1;
const DOLLARS_MAX = 1_000_000;
const DAYS_MAX = 3660;

/** The price of a subscription, and the vendor's meter that shows how much of it is used. */
export const PlanPrice = z
  .strictObject({
    /** Dollars for `per_days`. */
    usd: z.number().positive().max(DOLLARS_MAX),
    /** The days that the price covers. */
    per_days: z.number().positive().max(DAYS_MAX).default(30),
    /** The name of the meter in the vendor's readings, e.g. `5h` or `weekly`. */
    meter: z.string().min(1).max(100).register(fieldHints, {
      expected: "the name of a meter in the vendor's readings",
      mend: "Write e.g. 5h or weekly.",
    }),
    /** The smallest movement that the meter shows, in percent of its limit. */
    step_percent: z.number().positive().max(100).default(STEP_PERCENT),
    /** Hours in which capacity is used up faster. The meter shows by how much. */
    peak: z.strictObject(PEAK_FIELDS).readonly().optional(),
    /** The source of this price, if it differs from that of its list. */
    source: z.string().min(1).optional(),
  })
  .readonly()
  .register(fieldHints, {
    expected: "a price over a meter",
    mend: "Write e.g. { usd: 200, per_days: 30, meter: weekly }.",
  });
export type PlanPrice = z.infer<typeof PlanPrice>;

/** Plans by name. */
export const PlanPrices = z.record(z.string().min(1).max(200), PlanPrice);

/** A plan and the list that has its price. */
export interface FoundPlan {
  readonly name: string;
  readonly list: string;
  /** `YYYY-MM-DD`, of the list; null where it has no date. */
  readonly asOf: string | null;
  readonly price: PlanPrice;
}
