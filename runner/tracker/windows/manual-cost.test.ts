import { expect, test } from "vitest";

import type { Meter } from "../../../ledger/domain/meter.ts";
import { capacityDeltas } from "../../../ledger/invariants/capacity-delta.ts";
import { manualCost, planPaidBy } from "./complete-window.ts";

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

test("without a subscription the cost is unknown", () => {
  expect(manualCost(readings(1, 3), undefined)).toEqual({
    cost: { measure: "tokens", amount: null, is_lower_bound: false },
  });
});

test("with a subscription it is the share that the window took", () => {
  expect(manualCost(readings(1, 3), PLAN).cost).toMatchObject({
    measure: "usd",
    amount: 2,
    basis: "plan",
  });
});

test("a meter that ran backwards leaves the cost unknown", () => {
  expect(manualCost(readings(3, 1), PLAN).cost).toMatchObject({ measure: "usd", amount: null });
});

test("the subscription can be read from the row again", () => {
  expect(planPaidBy(manualCost(readings(1, 3), PLAN).dollars)).toEqual(PLAN);
  expect(planPaidBy(undefined)).toBeUndefined();
});
