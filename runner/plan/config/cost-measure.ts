import type { DollarCost } from "../../../ledger/domain/dollars.ts";
import { type TokenBasis, tokensIn } from "../../../ledger/domain/token-basis.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import type { Cost } from "../../../ledger/domain/window.ts";

/** The measure of cost. It belongs to the frozen question. */
export type CostMeasure = Cost["measure"];

type CountedDollars = Pick<DollarCost, "amount" | "known" | "unpriced" | "untold" | "plan">;

/**
 * Returns the cost of an attempt in the experiment's measure. In dollars it is the used part of the
 * provider's plan, or without a plan the list price. An unknown cost is null, never 0.
 */
export function measureCost(
  measure: CostMeasure,
  {
    usage,
    dollars,
    isLowerBound,
  }: {
    readonly usage: Usage;
    readonly dollars: CountedDollars | undefined;
    readonly isLowerBound: boolean;
  },
): Cost {
  const plan = measure === "usd" ? dollars?.plan : undefined;
  const inDollars = plan === undefined ? listPrice(dollars) : plan.amount;
  const amount = measure === "usd" ? (inDollars ?? null) : tokensIn(COST_BASIS, usage);
  return {
    measure,
    amount: usage.requests === 0 ? null : amount,
    // A plan's meter also counts answers that did not state their usage.
    is_lower_bound: isLowerBound || (plan === undefined && (dollars?.untold ?? 0) > 0),
    ...(plan === undefined ? {} : { basis: "plan" }),
  };
}

/** Answers that did not state their usage leave a lower bound; a model without a price leaves nothing. */
function listPrice(dollars: CountedDollars | undefined): number | null {
  if (dollars === undefined) return null;
  return dollars.amount ?? (dollars.unpriced.length === 0 ? dollars.known : null);
}

/**
 * The tokens that count as a window's cost without prices. The basis belongs to the frozen question and
 * can't change, unlike the basis of budgets.
 */
export const COST_BASIS: TokenBasis = "uncached";
