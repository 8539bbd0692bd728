import type { FoundPlan } from "./plan-price.ts";
import type { PriceList } from "./price-list.ts";

/** Every plan of these lists once; the earlier list is asked first. */
export function listPlans(lists: readonly PriceList[]): readonly FoundPlan[] {
  const plans = new Map<string, FoundPlan>();
  for (const { name: list, as_of: asOf = null, plans: own = {} } of lists) {
    for (const [name, price] of Object.entries(own)) {
      if (!plans.has(name)) plans.set(name, { name, list, asOf, price });
    }
  }
  return [...plans.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
