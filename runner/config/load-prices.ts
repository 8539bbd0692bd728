import path from "node:path";

import { openPriceBook, type PriceBook } from "../prices/price-book.ts";
import { PriceList } from "../prices/price-list.ts";
import { SHIPPED_PRICES } from "../prices/shipped-prices.ts";
import { ConfigurationError } from "./errors.ts";
import type { ExperimentFile } from "./experiment-file.ts";
import { readText } from "./read-text.ts";
import { parseYamlFile } from "./yaml-faults.ts";

/** Where an experiment's own prices may stand. */
export interface PriceSources {
  readonly prices: ExperimentFile["prices"];
  /** Paths are relative to it. */
  readonly folder: string;
  /** The experiment file, as the figures in it are called. */
  readonly fileName: string | null;
}

/**
 * Opens the prices of an experiment: its own first, then those that come with the product.
 * @throws ConfigurationError naming file, line, value and mend.
 */
export function loadPrices({ prices, folder, fileName }: PriceSources): PriceBook {
  const shipped = SHIPPED_PRICES;
  if (prices === undefined) return openPriceBook({ own: null, shipped });
  if (typeof prices === "string") {
    return openPriceBook({ own: readPriceList(path.resolve(folder, prices)), shipped });
  }
  return openPriceBook({ own: { name: fileName ?? "prices", models: prices }, shipped });
}

/** Reads a dated list of prices, YAML or JSON. */
export function readPriceList(file: string): PriceList {
  const text = readText(file);
  return parseYamlFile({ file, text, schema: PriceList, ErrorClass: ConfigurationError });
}
