import { z } from "zod";

import { PlanCost } from "../../ledger/domain/dollars.ts";
import { Count } from "./estimate-data.ts";

const Dollars = z.number().nonnegative().nullable();

/** What a window took of its provider's subscription, as its final row says. */
const PlanLine = z
  .strictObject({
    ...PlanCost.def.innerType.shape,
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
