import type { DollarCost } from "../../ledger/domain/dollars.ts";
import { tokensIn } from "../../ledger/domain/token-basis.ts";
import type { Usage } from "../../ledger/domain/usage.ts";
import type { Cost } from "../../ledger/domain/window.ts";
import { COST_BASIS } from "./cost-basis.ts";

/** What an experiment compares; it belongs to the frozen question. */
export type CostMeasure = Cost["measure"];

/**
 * The cost of an attempt in the experiment's measure: of dollars what was taken of its provider's plan,
 * where it has one, else the list price; null where it is not known, and never 0 for that. */
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
