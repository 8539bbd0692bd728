import { expect, test } from "vitest";

import type { Meter } from "../../../ledger/domain/meter.ts";
import { capacityDeltas } from "../../../ledger/invariants/capacity-delta.ts";
import { planCost } from "./plan-cost.ts";
import { PlanPrice } from "./price-list.ts";

const AT = "2026-11-21T10:00:00.000Z";
const RESET = "2026-11-21T14:00:00.000Z";
const OTHER_RESET = "2026-11-21T19:00:00.000Z";

/** 43,200 minutes are 30 days: a five-hour window of it is 1/144 of the price. */
const PLAN = {
  name: "max",
  list: "ours",
  asOf: "2026-11-01",
  price: PlanPrice.parse({ usd: 288, meter: "5h" }),
};

function meter(used: number, changes: Partial<Meter> = {}): Meter {
  return {
    name: "5h",
    limit_window_minutes: 300,
    unit: "percent",
    used,
    resets_at: RESET,
    as_of: AT,
    ...changes,
  };
}

function cost(
  before: readonly Meter[],
  after: readonly Meter[],
  elsewhere: number | null = 0,
): ReturnType<typeof planCost> {
  return planCost(PLAN, { before, after, capacity: capacityDeltas(before, after), elsewhere });
}

test.each<[string, number, number]>([
  ["a quarter of the five hours", 25, 0.5],
  ["one step", 1, 0.02],
  ["less than the meter shows", 0, 0],
  ["nearly all of it", 90, 1.8],
])("%s costs its share of the plan's price for one window", (_, moved, dollars) => {
  const paid = cost([meter(10)], [meter(10 + moved)]);
  expect(paid.amount).toBeCloseTo(dollars, 10);
  const taken = { moved_percent: moved, limit_window_minutes: 300 };
  expect(paid).toMatchObject({ ...taken, resolution: 0.02, elsewhere: 0, reason: null });
});

test("a weekly meter's window is seven days of the plan", () => {
  const weekly = { name: "weekly", limit_window_minutes: 10_080 };
  const plan = { ...PLAN, price: PlanPrice.parse({ usd: 300, per_days: 30, meter: "weekly" }) };
  const [before, after] = [[meter(20, weekly)], [meter(30, weekly)]];
  const readings = { before, after, capacity: capacityDeltas(before, after), elsewhere: 0 };
  expect(planCost(plan, readings).amount).toBeCloseTo(7, 10);
});

test("a finer meter has a finer resolution", () => {
  const plan = {
    ...PLAN,
    price: PlanPrice.parse({ usd: 288, meter: "5h", step_percent: 0.01 }),
  };
  const [before, after] = [[meter(10)], [meter(10.25)]];
  const readings = { before, after, capacity: capacityDeltas(before, after), elsewhere: 0 };
  expect(planCost(plan, readings)).toMatchObject({ amount: 0.005, resolution: 0.0002 });
});

test("of several meters the one that the plan names counts", () => {
  const weekly = (used: number) => meter(used, { name: "weekly", limit_window_minutes: 10_080 });
  expect(cost([weekly(0), meter(10)], [weekly(50), meter(35)]).amount).toBeCloseTo(0.5, 10);
});

function credits(used: number, limit: number): Meter {
  return meter(used, { unit: "credits", limit });
}

test("a meter in another unit counts by its limit", () => {
  expect(cost([credits(100, 400)], [credits(200, 400)]).amount).toBeCloseTo(0.5, 10);
  expect(cost([credits(100, 400)], [credits(200, 800)]).reason).toBe("meter-without-limit");
  expect(cost([credits(0, 0)], [credits(0, 0)]).reason).toBe("meter-without-limit");
});

test("what went to other upstreams is added at its list price", () => {
  expect(cost([meter(10)], [meter(35)], 0.25).amount).toBeCloseTo(0.75, 10);
  expect(cost([meter(10)], [meter(35)], null)).toMatchObject({
    amount: null,
    moved_percent: 25,
    reason: "unpriced-elsewhere",
  });
});

test.each<[string, readonly Meter[], readonly Meter[]]>([
  ["negative-delta", [meter(30)], [meter(10)]],
  ["reset-crossed", [meter(10)], [meter(30, { resets_at: OTHER_RESET })]],
  ["reset-crossed", [meter(30)], [meter(10, { resets_at: OTHER_RESET })]],
  ["reset-unknown", [meter(10, { resets_at: null })], [meter(30)]],
  ["meter-missing", [], []],
  ["meter-missing", [meter(1, { name: "weekly" })], [meter(2, { name: "weekly" })]],
  ["meter-missing-before", [], [meter(30)]],
  ["meter-missing-after", [meter(10)], []],
  [
    "meter-without-window",
    [meter(1, { limit_window_minutes: null })],
    [meter(2, { limit_window_minutes: null })],
  ],
  ["meter-without-window", [meter(1)], [meter(2, { limit_window_minutes: 301 })]],
])("%s: nobody knows what it cost, and never 0", (reason, before, after) => {
  expect(cost(before, after)).toMatchObject({ amount: null, resolution: null, reason });
});
