import { z } from "zod";

import { PlanCost } from "../../ledger/domain/dollars.ts";
import { Count, exact, listOf, NumberOrNull, Text, TextOrNull } from "../evidence/schema.ts";

const Dollars = z.number().nonnegative().nullable();

/** What a window took of its provider's subscription, as its final row says. */
const PlanLine = exact({
  ...PlanCost.def.innerType.shape,
  /** List price ÷ amount − 1; null if one of them is unknown or 0. */
  list_divergence: NumberOrNull,
});
export type PlanLine = z.infer<typeof PlanLine>;

/** The dollars of one window's finalized attempt, by our price list and as its agent reports them. */
const DollarLine = exact({
  window: Text,
  provider: Text,
  /** null if a model has no price or an answer did not report its usage. */
  amount: Dollars,
  /** The known part of the amount. */
  known: z.number().nonnegative(),
  /** What the agent reports, by a price list of its own. */
  reported: Dollars,
  /** reported ÷ amount − 1; null if one of them is unknown. */
  divergence: NumberOrNull,
  /** Plan price over capacity; null if the provider has no plan. */
  plan: PlanLine.nullable(),
});
export type DollarLine = z.infer<typeof DollarLine>;

export const DollarFigures = exact({
  /** The price list of the last session. */
  prices: exact({ name: Text, as_of: TextOrNull, sha256: Text }).nullable(),
  /** Models without a price, or without one for a class of tokens that they used. */
  unpriced: listOf(exact({ model: Text, provider: Text })),
  /** Requests whose answers did not report all of their usage. */
  untold: Count,
  windows: listOf(DollarLine),
});
export type DollarFigures = z.infer<typeof DollarFigures>;
