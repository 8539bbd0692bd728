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

const LISTED = { amount: 0.25, known: 0.25, untold: 0 };

function cost(measure: "usd" | "tokens", plan?: PlanCost, requests = 1) {
  const dollars = { ...LISTED, ...(plan === undefined ? {} : { plan }) };
  return measureCost(measure, { usage: { ...USAGE, requests }, dollars, isLowerBound: false });
}

test.each([
  ["usd", 0.1],
  ["tokens", 15],
] as const)("answers without a usage leave a lower bound in %s", (measure, amount) => {
  const dollars = { ...LISTED, amount: null, known: 0.1, untold: 1 };
  const bound = { measure, amount, is_lower_bound: true };
  expect(measureCost(measure, { usage: USAGE, dollars, isLowerBound: false })).toEqual(bound);
});

test("a plan's meter counts them as well", () => {
  const dollars = { ...LISTED, amount: null, untold: 1, plan: PLAN };
  const counted = measureCost("usd", { usage: USAGE, dollars, isLowerBound: false });
  expect(counted.is_lower_bound).toBe(false);
});

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
  const dollars = { ...LISTED, amount: null, known };
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
