import { z } from "zod";

import type { PriceList } from "./price-list.ts";
import prices from "./prices.json" with { type: "json" };

/**
 * The prices shipped with this version, as published on their date. A test checks them against the schema,
 * which takes too long at every start.
 */
export const SHIPPED_PRICES: PriceList = z.custom<PriceList>().parse(prices);
