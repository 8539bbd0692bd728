import path from "node:path";

import { openPriceBook, type PriceBook } from "../../gateway/prices/price-book.ts";
import { listPlans, PriceList } from "../../gateway/prices/price-list.ts";
import { SHIPPED_PRICES } from "../../gateway/prices/shipped-prices.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import { readYamlFile } from "../../platform/yaml/read-yaml-file.ts";
import type { Provider } from "./configuration.ts";
import type { ExperimentFile } from "./experiment-file.ts";

/**
 * Opens the prices of an experiment: its own first, then those shipped with the product.
 * @throws ConfigurationError naming file, line, value and remedy.
 */
export function loadPrices(
  prices: ExperimentFile["prices"],
  folder: string,
  fileName: string | null,
): PriceBook {
  const shipped = SHIPPED_PRICES;
  if (prices === undefined) return openPriceBook({ own: null, shipped });
  if (typeof prices === "string") {
    return openPriceBook({ own: readYamlFile(path.resolve(folder, prices), PriceList), shipped });
  }
  return openPriceBook({ own: { name: fileName ?? "prices", models: prices }, shipped });
}

/**
 * Gives a provider its subscription: a plan of a price list by name, or one written at the provider.
 * @throws ConfigurationError if no list has a plan of that name.
 */
export function payByPlan(
  written: ExperimentFile["providers"],
  prices: PriceBook,
  fileName: string | null,
) {
  const known = listPlans(prices.lists);
  const list = fileName ?? "experiment";
  return (provider: Provider): Provider => {
    const { id } = provider;
    const plan = written[id]?.plan;
    if (plan === undefined) return provider;
    if (typeof plan !== "string") {
      return { ...provider, plan: { name: id, list, asOf: null, price: plan } };
    }
    const found = known.find(({ name }) => name === plan);
    if (found !== undefined) return { ...provider, plan: found };
    const names = known.map(({ name }) => name).join(", ") || "none";
    throw new ConfigurationError(
      `${list}: expected "providers.${id}.plan" to be a plan of the prices (${names}), got ${JSON.stringify(plan)}. Write it under "plans" in your price file, or here, e.g. { usd: 200, per_days: 30, meter: weekly }.`,
    );
  };
}
