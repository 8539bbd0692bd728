import { expect, test } from "vitest";

import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import { DRIVERS } from "../../agents/drivers/registry.ts";
import { openPriceBook } from "../../gateway/prices/price-book.ts";
import type { PriceList } from "../../gateway/prices/price-list.ts";
import { SHIPPED_PRICES } from "../../gateway/prices/shipped-prices.ts";
import { noticePrices, noticePricesOf } from "./notice-prices.ts";

const PRICE = { input: 1, output: 2 };
const NOW_MS = epochMsOf("2026-03-03T12:00:00.000Z");

function listOf(name: string, asOf: string | undefined, model: string): PriceList {
  return { name, ...(asOf === undefined ? {} : { as_of: asOf }), models: { [model]: PRICE } };
}

function notice(own: PriceList | null, shipped: PriceList, models?: readonly string[]) {
  const prices = openPriceBook({ own, shipped });
  const drivers = [{ name: "client", otherModels: ["small", "large"] }];
  return noticePrices({ prices, nowMs: NOW_MS, drivers, ...(models && { models }) });
}

const UNPRICED = (models: string) =>
  `No price for models that client asks by itself: ${models}. A budget of dollars refuses them. Without one, costs become lower bounds; with cost_scope: subagents, they are unknown.`;

test("a model without a price that a client asks by itself is named", () => {
  expect(notice(null, listOf("shipped", "2026-03-01", "small"))).toEqual([UNPRICED("large")]);
});

test.each([
  ["2026-02-01", []],
  [
    "2026-01-31",
    [
      "The prices of shipped are 31 days old (2026-01-31). Renew them: experiment prices refresh --help",
    ],
  ],
])("a list of %s is old after 30 days", (asOf, said) => {
  const others = UNPRICED("small, large");
  expect(notice(null, listOf("shipped", asOf, "m"))).toEqual([...said, others]);
});

test("only lists that have a price of the experiment's models are judged", () => {
  const own = listOf("own", undefined, "m");
  const shipped = listOf("shipped", "2025-01-01", "n");
  expect(notice(own, shipped, ["m"])).toEqual([UNPRICED("small, large")]);
  expect(notice(own, shipped, ["n"])[0]).toContain("The prices of shipped");
});

test("the shipped list has a price for every model that a client asks by itself", () => {
  const prices = openPriceBook({ own: null, shipped: SHIPPED_PRICES });
  const nowMs = epochMsOf(SHIPPED_PRICES.as_of ?? "");
  expect(noticePrices({ prices, nowMs, drivers: DRIVERS })).toEqual([]);
  expect(DRIVERS.some(({ otherModels = [] }) => otherModels.length > 0)).toBe(true);
});

test("a list that has a model's price at its upstream only is judged too", () => {
  const own = listOf("own", "2025-01-01", "up/m");
  const prices = openPriceBook({ own, shipped: listOf("shipped", undefined, "n") });
  const provider = {
    model: "m",
    upstream: "up",
    driver: "codex",
    routes: [],
    workflow: "solo" as const,
  };
  const said = noticePricesOf([provider], { prices, nowMs: NOW_MS });
  expect(said[0]).toContain("The prices of own are");
});
