import { expect, test } from "vitest";

import type { PlanCost } from "../../../ledger/domain/dollars.ts";
import { measureCost } from "./cost-measure.ts";

const USAGE = { input_uncached: 10, output: 5, requests: 1 };
const PLAN: PlanCost = {
  plan: "max",
  list: "ours",
  as_of: null,
  usd: 200,
  per_days: 30,
  meter: "weekly",
  step_percent: 1,
  limit_window_minutes: 10_080,
  moved_percent: 2,
  resolution: 0.5,
  elsewhere: 0,
  amount: 1,
  reason: null,
};

function cost(measure: "usd" | "tokens", plan?: PlanCost, requests = 1) {
  const dollars = { amount: 0.25, known: 0.25, ...(plan === undefined ? {} : { plan }) };
  return measureCost(measure, { usage: { ...USAGE, requests }, dollars, isLowerBound: false });
}

test("dollars are the list price where there is no plan", () => {
  expect(cost("usd")).toEqual({ measure: "usd", amount: 0.25, is_lower_bound: false });
});

test("dollars are the plan's where there is one, and say so", () => {
  expect(cost("usd", PLAN)).toMatchObject({ amount: 1, basis: "plan" });
});

test.each([
  [0.2, 0.2],
  [0, null],
])("if only %d dollars of a window are known, its cost is at least %j", (known, amount) => {
  const dollars = { amount: null, known };
  const found = measureCost("usd", { usage: USAGE, dollars, isLowerBound: false });
  expect(found).toEqual({ measure: "usd", amount, is_lower_bound: true });
});

test("a plan whose movement is not proven is not replaced by the list price", () => {
  expect(cost("usd", { ...PLAN, amount: null })).toMatchObject({ amount: null, basis: "plan" });
});

test("tokens are tokens, whoever pays", () => {
  expect(cost("tokens", PLAN)).toEqual({ measure: "tokens", amount: 15, is_lower_bound: false });
});

test("a window that no model answered cost nobody knows what", () => {
  expect(cost("usd", PLAN, 0).amount).toBeNull();
});
