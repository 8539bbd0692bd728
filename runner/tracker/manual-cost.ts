import type { DollarCost } from "../../ledger/domain/dollars.ts";
import type { Meter } from "../../ledger/domain/meter.ts";
import type { CapacityDelta, Cost } from "../../ledger/domain/window.ts";
import { planCost } from "../prices/plan-cost.ts";
import type { FoundPlan } from "../prices/plan-price.ts";

interface ManualReadings {
  readonly meters: { readonly before: readonly Meter[]; readonly after: readonly Meter[] };
  readonly capacity: readonly CapacityDelta[];
}

/** No proxy saw the requests. */
const NO_LIST_PRICE = { amount: null, known: 0, unpriced: [], untold: 0, reported: null };

/** What a manual window cost: its share of a subscription. Without a subscription it is unknown. */
export function manualCost(
  { meters, capacity }: ManualReadings,
  plan: FoundPlan | undefined,
): { readonly cost: Cost; readonly dollars?: DollarCost } {
  if (plan === undefined) {
    return { cost: { measure: "tokens", amount: null, is_lower_bound: false } };
  }
  const paid = planCost(plan, { ...meters, capacity, elsewhere: 0 });
  return {
    cost: { measure: "usd", amount: paid.amount, is_lower_bound: false, basis: "plan" },
    dollars: { ...NO_LIST_PRICE, plan: paid },
  };
}

/** The subscription of an earlier completion, which holds until the operator names another one. */
export function planPaidBy(dollars: DollarCost | undefined): FoundPlan | undefined {
  if (dollars?.plan === undefined) return undefined;
  const { plan: name, list, as_of: asOf, usd, per_days, meter, step_percent } = dollars.plan;
  return { name, list, asOf, price: { usd, per_days, meter, step_percent } };
}
