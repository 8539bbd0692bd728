import { z } from "zod";

const Dollars = z.number().nonnegative();

/** What an attempt's requests to models cost, by our price list and by the agent's own word. */
export const DollarCost = z
  .looseObject({
    /** By our list; null where a model has no price or an answer did not tell its usage. */
    amount: Dollars.nullable(),
    /** The part of it that is known. */
    known: Dollars,
    /** Models without a price, or without one for a class of tokens that they used. */
    unpriced: z.array(z.string()).readonly(),
    /** Requests whose answers did not tell all of their usage. */
    untold: z.int().nonnegative(),
    /** What the agent says that it cost, by a price list of its own; null where it says nothing. */
    reported: Dollars.nullable(),
  })
  .readonly();
export type DollarCost = z.infer<typeof DollarCost>;
