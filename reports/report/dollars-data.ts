import { z } from "zod";

import { Count } from "./estimate-data.ts";

const Dollars = z.number().nonnegative().nullable();

/** What a window took of its provider's subscription. */
const PlanLine = z
  .strictObject({
    plan: z.string(),
    list: z.string(),
    as_of: z.string().nullable(),
    /** Dollars for `per_days` days. */
    usd: z.number().positive(),
    per_days: z.number().positive(),
    meter: z.string(),
    /** The meter's smallest movement, percent of its limit. */
    step_percent: z.number().positive(),
    /** Minutes of the meter's window; null where no reading tells them. */
    limit_window_minutes: Count.nullable(),
    moved_percent: z.number().nonnegative().nullable(),
    /** List price, in the amount, of requests that went to other upstreams. */
    elsewhere: Dollars,
    /** usd × limit_window_minutes ÷ (per_days × 1440) × moved_percent ÷ 100 + elsewhere. */
    amount: Dollars,
    /** Dollars of one step: what the amount can't tell apart. */
    resolution: Dollars,
    /** Why there is no amount. */
    reason: z.string().nullable(),
    /** List price ÷ amount − 1; null where one of them is not known, or 0. */
    list_divergence: z.number().nullable(),
  })
  .readonly();
export type PlanLine = z.infer<typeof PlanLine>;

/** What one window's finalized attempt cost in dollars, by our list and by its agent's own word. */
const DollarLine = z
  .strictObject({
    window: z.string(),
    provider: z.string(),
    /** null where a model has no price or an answer did not tell its usage. */
    amount: Dollars,
    /** The part of it that is known. */
    known: z.number().nonnegative(),
    /** What the agent says, by a price list of its own. */
    reported: Dollars,
    /** reported ÷ amount − 1; null where one of them is not known. */
    divergence: z.number().nullable(),
    /** Plan price over capacity; null where the provider has no plan. */
    plan: PlanLine.nullable(),
  })
  .readonly();
export type DollarLine = z.infer<typeof DollarLine>;

export const DollarFigures = z
  .strictObject({
    /** The price list of the last session. */
    prices: z
      .strictObject({ name: z.string(), as_of: z.string().nullable(), sha256: z.string() })
      .readonly()
      .nullable(),
    /** Models that were asked and had no price, or none for a class of tokens that they used. */
    unpriced: z
      .array(z.strictObject({ model: z.string(), provider: z.string() }).readonly())
      .readonly(),
    /** Requests whose answers did not tell all of their usage. */
    untold: Count,
    windows: z.array(DollarLine).readonly(),
  })
  .readonly();
export type DollarFigures = z.infer<typeof DollarFigures>;
