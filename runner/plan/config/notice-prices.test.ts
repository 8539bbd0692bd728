import { expect, test } from "vitest";

import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import { claudeCode } from "../../agents/drivers/claude-code.ts";
import { DRIVERS } from "../../agents/drivers/registry.ts";
import { openPriceBook } from "../../gateway/prices/price-book.ts";
import type { PriceList } from "../../gateway/prices/price-list.ts";
import { SHIPPED_PRICES } from "../../gateway/prices/shipped-prices.ts";
import type { ProviderRoute } from "./configuration.ts";
import { noticePrices, noticePricesOf } from "./notice-prices.ts";

const PRICE = { input: 1, output: 2 };
const NOW_MS = epochMsOf("2026-03-03T12:00:00.000Z");

function listOf(name: string, asOf: string | undefined, model: string): PriceList {
  return { name, ...(asOf === undefined ? {} : { as_of: asOf }), models: { [model]: PRICE } };
}

function notice(shipped: PriceList) {
  const prices = openPriceBook({ own: null, shipped });
  const drivers = [{ name: "client", otherModels: ["small", "large"], vendor: "openai" } as const];
  return noticePrices({ prices, nowMs: NOW_MS, drivers });
}

const UNPRICED = (models: string) =>
  `No price for models that client asks by itself: ${models}. A budget of dollars refuses them. Without one, costs become lower bounds; with cost_scope: subagents, they are unknown.`;

test("a model without a price that a client asks by itself is named", () => {
  expect(notice(listOf("shipped", "2026-03-01", "small"))).toEqual([UNPRICED("large")]);
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
  expect(notice(listOf("shipped", asOf, "m"))).toEqual([...said, others]);
});

test.each([
  ["2026-03-04", []],
  [
    "2026-03-05",
    ["The prices of shipped are of a day in the future (2026-03-05). Correct as_of in this list."],
  ],
])("a list of %s is of the future, unless it is already that day somewhere", (asOf, said) => {
  const others = UNPRICED("small, large");
  expect(notice(listOf("shipped", asOf, "m"))).toEqual([...said, others]);
});

test("the shipped list has a price for every model that a client asks by itself", () => {
  const prices = openPriceBook({ own: null, shipped: SHIPPED_PRICES });
  const nowMs = epochMsOf(SHIPPED_PRICES.as_of ?? "");
  expect(noticePrices({ prices, nowMs, drivers: DRIVERS })).toEqual([]);
  expect(DRIVERS.some(({ otherModels = [] }) => otherModels.length > 0)).toBe(true);
});

test("only lists that have a price of the experiment's models are judged", () => {
  const own = listOf("own", undefined, "m");
  const shipped = listOf("shipped", "2025-01-01", "n");
  const prices = openPriceBook({ own, shipped });
  const notices = (model: string) =>
    noticePricesOf([{ ...claude(), model }], { prices, nowMs: NOW_MS });
  expect(notices("m")).toHaveLength(1);
  expect(notices("n")).toEqual([
    expect.stringContaining("The prices of shipped are 426 days old"),
    expect.stringContaining("No price"),
  ]);
});

test("a list that has a model's price at its upstream only is judged too", () => {
  const own = listOf("own", "2025-01-01", "up/m");
  const prices = openPriceBook({ own, shipped: listOf("shipped", undefined, "n") });
  const said = noticePricesOf([claude()], { prices, nowMs: NOW_MS });
  expect(said[0]).toContain("The prices of own are");
});

const HAIKU = "claude-haiku-5-5";
const OTHERS = claudeCode.otherModels ?? [];

const ELSEWHERE: ProviderRoute = {
  name: "r[0]",
  when: {},
  upstream: "other",
  model: null,
  credential: { mode: "inherit" },
};

/** A provider of Claude Code at the upstream "up". */
function claude(...routes: readonly Partial<ProviderRoute>[]) {
  return {
    model: "m",
    upstream: "up",
    driver: "claude-code",
    routes: routes.map((one) => ({ ...ELSEWHERE, ...one })),
    workflow: "solo",
  } as const;
}

const ALL = OTHERS.map((model) => `up/${model}`);
const ELSEWHERE_ALL = OTHERS.map((model) => `other/${model}`);

test.each([
  { what: "its upstream has them", names: ALL, asking: claude(), unpriced: [] },
  { what: "another upstream has them", names: ELSEWHERE_ALL, asking: claude(), unpriced: OTHERS },
  {
    what: "sub-agents go elsewhere",
    names: ALL,
    asking: claude({ when: { subagent: true } }),
    unpriced: OTHERS,
  },
  {
    what: "a share goes elsewhere",
    names: ALL,
    asking: claude({ when: { share: 0.1 } }),
    unpriced: OTHERS,
  },
  {
    what: "a route leads to an upstream that has one",
    names: [...ALL.filter((name) => name !== `up/${HAIKU}`), `other/${HAIKU}`],
    asking: claude({ when: { model: "*haiku*" } }),
    unpriced: [],
  },
  {
    what: "a route leads to an upstream that has none",
    names: ALL,
    asking: claude({ when: { model: "*haiku*" } }),
    unpriced: [HAIKU],
  },
  { what: "a route asks another model", names: [], asking: claude({ model: "m" }), unpriced: [] },
])(
  "a client's own models have the prices of the upstreams they go to: $what",
  ({ names, asking, unpriced }) => {
    const models = Object.fromEntries([...names, "m"].map((name) => [name, PRICE]));
    const own = { name: "own", models };
    const prices = openPriceBook({ own, shipped: listOf("shipped", undefined, "n") });
    const said = noticePricesOf([asking], { prices, nowMs: NOW_MS });
    const named = OTHERS.filter((model) => said.join().includes(model));
    expect(named).toEqual(unpriced);
    expect(said).toHaveLength(unpriced.length === 0 ? 0 : 1);
  },
);
