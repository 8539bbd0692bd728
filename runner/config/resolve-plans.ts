import { listPlans } from "../prices/find-plan.ts";
import type { FoundPlan } from "../prices/plan-price.ts";
import type { PriceBook } from "../prices/price-book.ts";
import { ConfigurationError } from "./errors.ts";
import type { ExperimentFile } from "./experiment-file.ts";

interface PlanSources {
  readonly prices: PriceBook;
  /** The experiment file, as the figures in it are called. */
  readonly fileName: string | null;
}

/**
 * The subscriptions that providers are paid by: named, from a price list, or written at the provider.
 * @throws ConfigurationError where no list has a plan of that name.
 */
export function resolvePlans(
  providers: ExperimentFile["providers"],
  { prices, fileName }: PlanSources,
): ReadonlyMap<string, FoundPlan> {
  const known = listPlans(prices.lists);
  const list = fileName ?? "experiment";
  return new Map(
    Object.entries(providers).flatMap(([id, { plan }]): readonly [string, FoundPlan][] => {
      if (plan === undefined) return [];
      if (typeof plan !== "string") return [[id, { name: id, list, asOf: null, price: plan }]];
      const found = known.find(({ name }) => name === plan);
      if (found !== undefined) return [[id, found]];
      const names = known.map(({ name }) => name).join(", ") || "none";
      throw new ConfigurationError(
        `${list}: expected "providers.${id}.plan" to be a plan of the prices (${names}), got ${JSON.stringify(plan)}. Write it under "plans" in your price file, or here, e.g. { usd: 200, per_days: 30, meter: weekly }.`,
      );
    }),
  );
}
