import { z } from "zod";

const Dollars = z.number().nonnegative();

/** What an attempt took of its provider's subscription: plan price over capacity. */
export const PlanCost = z
  .looseObject({
    /** The plan's name, the price list that it was found in, and that list's day. */
    plan: z.string(),
    list: z.string(),
    as_of: z.string().nullable(),
    /** Dollars for `per_days` days. */
    usd: z.number().positive(),
    per_days: z.number().positive(),
    /** The vendor's meter that says how much was taken, and its smallest step in percent. */
    meter: z.string(),
    step_percent: z.number().positive(),
    /** Minutes of the meter's window; null if no reading states them. */
    limit_window_minutes: z.int().positive().nullable(),
    /** Percent of its limit by which the meter moved; null if that is not proven. */
    moved_percent: z.number().nonnegative().nullable(),
    /** Price of one step: the amount is not known more precisely. */
    resolution: Dollars.nullable(),
    /** List price, included in the amount, of requests to other upstreams; null if unknown. */
    elsewhere: Dollars.nullable(),
    /** usd × limit_window_minutes ÷ (per_days × 1440) × moved_percent ÷ 100 + elsewhere. */
    amount: Dollars.nullable(),
    /** Why there is no amount, in a word; null if there is one. */
    reason: z.string().nullable(),
  })
  .readonly();
export type PlanCost = z.infer<typeof PlanCost>;

/** What an attempt's requests to models cost, by our price list and by the agent's own word. */
export const DollarCost = z
  .looseObject({
    /** By our list; null if a model has no price or an answer did not state its usage. */
    amount: Dollars.nullable(),
    /** The part of it that is known. */
    known: Dollars,
    /** Models without a price, or without one for a class of tokens that they used. */
    unpriced: z.array(z.string()).readonly(),
    /** Requests whose answers did not state all of their usage. */
    untold: z.int().nonnegative(),
    /** The agent's own figure, by its own price list; null if it states none. */
    reported: Dollars.nullable(),
    /** Absent if the provider has no plan. */
    plan: PlanCost.optional(),
  })
  .readonly();
export type DollarCost = z.infer<typeof DollarCost>;
