import type { DollarCost } from "../../ledger/domain/dollars.ts";
import { tokensIn } from "../../ledger/domain/token-basis.ts";
import type { Usage } from "../../ledger/domain/usage.ts";
import type { Cost } from "../../ledger/domain/window.ts";
import { COST_BASIS } from "./cost-basis.ts";

/** What an experiment compares; it belongs to the frozen question. */
export type CostMeasure = Cost["measure"];

/** The cost of an attempt in the experiment's measure; null where it is not known, and never 0 for that. */
export function measureCost(
  measure: CostMeasure,
  {
    usage,
    dollars,
    isLowerBound,
  }: {
    readonly usage: Usage;
    readonly dollars: Pick<DollarCost, "amount"> | undefined;
    readonly isLowerBound: boolean;
  },
): Cost {
  const amount = measure === "usd" ? (dollars?.amount ?? null) : tokensIn(COST_BASIS, usage);
  return {
    measure,
    amount: usage.requests === 0 ? null : amount,
    is_lower_bound: isLowerBound,
  };
}
