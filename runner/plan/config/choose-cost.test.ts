import { expect, test } from "vitest";

import { openPriceBook } from "../../gateway/prices/price-book.ts";
import { chooseCost, unpricedModels } from "./choose-cost.ts";
import type { Provider } from "./configuration.ts";

const PRICE = { input: 1, output: 2 };

function provider(changes: Partial<Provider>): Provider {
  return {
    id: "a",
    driver: "claude-code",
    vendor: "v",
    model: "m",
    upstream: "u",
    credential: { mode: "inherit" },
    workflow: "solo",
    routes: [],
    via: "base-url",
    ...changes,
  };
}

const ROUTE = {
  name: "r[0]",
  when: { subagent: true },
  upstream: "glm",
  credential: { mode: "inherit" },
} as const;
const ROUTED = provider({ id: "b", routes: [{ ...ROUTE, model: "glm-x" }] });
const PLAN = {
  name: "max",
  list: "ours",
  asOf: null,
  price: { usd: 200, per_days: 30, meter: "weekly", step_percent: 1 },
};
const SCRIPTED = provider({ credential: { mode: "scripted" } });

function choose(
  asked: "usd" | "tokens" | undefined,
  other: Provider,
  own: readonly string[] | null = null,
) {
  const shipped = { name: "shipped", models: { m: PRICE } };
  const models = Object.fromEntries((own ?? []).map((model) => [model, PRICE]));
  const prices = openPriceBook({ own: own === null ? null : { name: "own", models }, shipped });
  return chooseCost(asked, { providers: [other, other], prices });
}

test.each<[string, Provider, readonly string[] | null, "usd" | "tokens"]>([
  ["every model has a price", provider({}), null, "usd"],
  ["a model has none", provider({ model: "n" }), null, "tokens"],
  ["a model that a route leads to has none", ROUTED, null, "tokens"],
  ["the user brought the price that lacked", ROUTED, ["glm-x"], "usd"],
  ["a plan pays for a model without a price", provider({ model: "n", plan: PLAN }), null, "usd"],
  ["a plan does not pay for another upstream", { ...ROUTED, plan: PLAN }, null, "tokens"],
  ["every model is scripted", SCRIPTED, null, "tokens"],
  ["every model is scripted, and a plan has a price", { ...SCRIPTED, plan: PLAN }, null, "usd"],
  ["every model is scripted, and the user gave prices", SCRIPTED, ["x"], "usd"],
])("where %s, the measure follows", (...[, other, own, measure]) => {
  expect(choose(undefined, other, own)).toBe(measure);
});

test("tokens may always be asked for, dollars only where all is priced", () => {
  expect(choose("tokens", provider({}))).toBe("tokens");
  expect(choose("usd", SCRIPTED)).toBe("usd");
  expect(() => choose("usd", ROUTED)).toThrow(/got none for glm-x \(b\)/);
});

test("a route that keeps the model's name still leads away from the plan", () => {
  const kept = provider({ model: "n", plan: PLAN, routes: [{ ...ROUTE, model: null }] });
  expect(choose(undefined, kept)).toBe("tokens");
  expect(choose(undefined, kept, ["n"])).toBe("usd");
});

test("a model is named with each provider that asks it, once", () => {
  const shipped = { name: "shipped", models: {} };
  const twice = provider({ routes: [{ ...ROUTE, model: "m" }] });
  const prices = openPriceBook({ own: null, shipped });
  expect(unpricedModels({ providers: [twice, ROUTED], prices })).toEqual([
    { model: "m", provider: "a" },
    { model: "m", provider: "b" },
    { model: "glm-x", provider: "b" },
  ]);
});
