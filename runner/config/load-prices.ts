import path from "node:path";

import { ConfigurationError } from "../configuration-error.ts";
import { openPriceBook, type PriceBook } from "../prices/price-book.ts";
import { type FoundPlan, listPlans, PriceList } from "../prices/price-list.ts";
import { SHIPPED_PRICES } from "../prices/shipped-prices.ts";
import { readYamlFile } from "../yaml/read-yaml-file.ts";
import type { ExperimentFile } from "./experiment-file.ts";

/** The places of an experiment's own prices. */
export interface PriceSources {
  readonly prices: ExperimentFile["prices"];
  /** Paths are relative to it. */
  readonly folder: string;
  /** The name of the experiment file, as the name of its list. */
  readonly fileName: string | null;
}

/**
 * Opens the prices of an experiment: its own first, then those shipped with the product.
 * @throws ConfigurationError naming file, line, value and remedy.
 */
export function loadPrices({ prices, folder, fileName }: PriceSources): PriceBook {
  const shipped = SHIPPED_PRICES;
  if (prices === undefined) return openPriceBook({ own: null, shipped });
  if (typeof prices === "string") {
    return openPriceBook({ own: readYamlFile(path.resolve(folder, prices), PriceList), shipped });
  }
  return openPriceBook({ own: { name: fileName ?? "prices", models: prices }, shipped });
}

interface PlanSources {
  readonly prices: PriceBook;
  /** The name of the experiment file, as the name of its list. */
  readonly fileName: string | null;
}

/**
 * Returns the subscription of each provider: a plan of a price list by name, or one written at the provider.
 * @throws ConfigurationError if no list has a plan of that name.
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
