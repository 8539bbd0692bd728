import type { DollarCost } from "../../../ledger/domain/dollars.ts";
import { type TokenBasis, tokensIn } from "../../../ledger/domain/token-basis.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import type { Cost } from "../../../ledger/domain/window.ts";

/** The measure of cost. It belongs to the frozen question. */
export type CostMeasure = Cost["measure"];

type CountedDollars = Pick<DollarCost, "amount" | "known" | "untold" | "plan">;

/**
 * Returns the cost of an attempt in the experiment's measure. In dollars it is the used part of the
 * provider's plan, or without a plan the list price. If only a part is known, that is a lower bound. An
 * unknown cost is null, never 0.
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
  const { untold = 0 } = dollars ?? {};
  const { amount, isPart, ...basis } =
    measure === "tokens"
      ? { amount: tokensIn(COST_BASIS, usage), isPart: untold > 0 }
      : dollarsOf(dollars);
  return {
    measure,
    amount: usage.requests === 0 ? null : amount,
    is_lower_bound: isLowerBound || isPart,
    ...basis,
  };
}

/** `isPart`: other requests have no known cost. */
function dollarsOf(
  dollars: CountedDollars | undefined,
): Pick<Cost, "amount" | "basis"> & { readonly isPart: boolean } {
  if (dollars === undefined) return { amount: null, isPart: false };
  const { amount, known, plan } = dollars;
  if (plan !== undefined) return { amount: plan.amount, isPart: false, basis: "plan" };
  return amount === null
    ? { amount: known > 0 ? known : null, isPart: true }
    : { amount, isPart: false };
}

/**
 * The tokens that count as a window's cost without prices. The basis belongs to the frozen question and
 * can't change, unlike the basis of budgets.
 */
export const COST_BASIS: TokenBasis = "uncached";
