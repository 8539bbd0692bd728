import { PriceList } from "./price-list.ts";
import prices from "./prices.json" with { type: "json" };

/** The prices shipped with this version, as published on their date. */
export const SHIPPED_PRICES: PriceList = PriceList.parse(prices);
