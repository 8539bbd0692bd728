import type { DollarCost } from "../../ledger/domain/dollars.ts";
import type { Meter } from "../../ledger/domain/meter.ts";
import type { CapacityDelta, Cost } from "../../ledger/domain/window.ts";
import { planCost } from "../prices/plan-cost.ts";
import type { FoundPlan } from "../prices/plan-price.ts";

interface HandReadings {
  readonly meters: { readonly before: readonly Meter[]; readonly after: readonly Meter[] };
  readonly capacity: readonly CapacityDelta[];
}

interface HandCost {
  readonly cost: Cost;
  readonly dollars?: DollarCost;
}

/** No proxy saw the requests. */
const NO_LIST_PRICE = { amount: null, known: 0, unpriced: [], untold: 0, reported: null };

/** What a window worked by hand cost: what it took of a plan. Without a plan, nobody knows. */
export function handCost(
  { meters, capacity }: HandReadings,
  plan: FoundPlan | undefined,
): HandCost {
  if (plan === undefined) {
    return { cost: { measure: "tokens", amount: null, is_lower_bound: false } };
  }
  const paid = planCost(plan, { ...meters, capacity, elsewhere: 0 });
  return {
    cost: { measure: "usd", amount: paid.amount, is_lower_bound: false, basis: "plan" },
    dollars: { ...NO_LIST_PRICE, plan: paid },
  };
}

/** The plan that a window was paid by when it was completed before: it stays, until another one is named. */
export function planPaidBy(dollars: DollarCost | undefined): FoundPlan | undefined {
  if (dollars?.plan === undefined) return undefined;
  const { plan: name, list, as_of: asOf, usd, per_days, meter, step_percent } = dollars.plan;
  return { name, list, asOf, price: { usd, per_days, meter, step_percent } };
}
