import type { Provider } from "../config/configuration.ts";
import type { PriceBook } from "./price-book.ts";

/**
 * What identifies the prices of an experiment, for its registration and its sessions: its lists, and
 * the plans that providers are paid by, where there are some.
 */
export function describePrices({
  prices,
  providers,
}: {
  readonly prices: PriceBook;
  readonly providers: readonly Provider[];
}) {
  const { name, asOf, sha256 } = prices;
  const plans = providers.flatMap(({ id: provider, plan }) =>
    plan === undefined
      ? []
      : [{ provider, plan: plan.name, list: plan.list, as_of: plan.asOf, ...plan.price }],
  );
  return { name, as_of: asOf, sha256, ...(plans.length === 0 ? {} : { plans }) };
}
