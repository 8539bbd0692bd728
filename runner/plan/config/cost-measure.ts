import type { DollarCost } from "../../../ledger/domain/dollars.ts";
import { type TokenBasis, tokensIn } from "../../../ledger/domain/token-basis.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import type { Cost } from "../../../ledger/domain/window.ts";

/** The measure of cost. It belongs to the frozen question. */
export type CostMeasure = Cost["measure"];

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
    readonly dollars: Pick<DollarCost, "amount" | "plan"> | undefined;
    readonly isLowerBound: boolean;
  },
): Cost {
  const plan = measure === "usd" ? dollars?.plan : undefined;
  const inDollars = plan === undefined ? dollars?.amount : plan.amount;
  const amount = measure === "usd" ? (inDollars ?? null) : tokensIn(COST_BASIS, usage);
  return {
    measure,
    amount: usage.requests === 0 ? null : amount,
    is_lower_bound: isLowerBound,
    ...(plan === undefined ? {} : { basis: "plan" }),
  };
}

/**
 * The tokens that count as a window's cost without prices. The basis belongs to the frozen question and
 * can't change, unlike the basis of budgets.
 */
export const COST_BASIS: TokenBasis = "uncached";
