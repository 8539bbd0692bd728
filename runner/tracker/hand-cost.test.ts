import { expect, test } from "vitest";

import type { Meter } from "../../ledger/domain/meter.ts";
import { capacityDeltas } from "../../ledger/invariants/capacity-delta.ts";
import { handCost, planPaidBy } from "./hand-cost.ts";

const AT = "2026-11-21T10:00:00.000Z";
const PLAN = {
  name: "max",
  list: "ours",
  asOf: "2026-11-01",
  price: { usd: 14_400, per_days: 30, meter: "5h", step_percent: 1 },
};

function readings(from: number, to: number) {
  const [before, after] = [[meter(from)], [meter(to)]];
  return { meters: { before, after }, capacity: capacityDeltas(before, after) };
}

function meter(used: number): Meter {
  const at = { resets_at: "2026-11-21T14:00:00.000Z", as_of: AT };
  return { name: "5h", limit_window_minutes: 300, unit: "percent", used, ...at };
}

test("without a plan nobody knows what hand work cost", () => {
  expect(handCost(readings(1, 3), undefined)).toEqual({
    cost: { measure: "tokens", amount: null, is_lower_bound: false },
  });
});

test("with one it cost what it took of the plan", () => {
  expect(handCost(readings(1, 3), PLAN).cost).toMatchObject({
    measure: "usd",
    amount: 2,
    basis: "plan",
  });
});

test("a meter that ran backwards leaves the cost unknown", () => {
  expect(handCost(readings(3, 1), PLAN).cost).toMatchObject({ measure: "usd", amount: null });
});

test("the plan that a row was paid by is found in it again", () => {
  expect(planPaidBy(handCost(readings(1, 3), PLAN).dollars)).toEqual(PLAN);
  expect(planPaidBy(undefined)).toBeUndefined();
});
