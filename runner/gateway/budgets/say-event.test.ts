import { expect, it } from "vitest";

import { sayBudgetEvent } from "./say-event.ts";
import { keyOf } from "./test-support/budget-lab.ts";

const WARNED = {
  ...keyOf(),
  record: "budget_warned",
  basis: "uncached",
  budget: "overall",
  scope: "overall",
  unit: "minutes",
  used: 0.007,
  limit: 0.01,
  threshold_percent: 70,
} as const;

it("says which share of a short time is reached", () => {
  expect(sayBudgetEvent(WARNED)).toBe(
    "W0-01: 70 % of the overall budget reached: 0.007 minutes of 0.01 minutes.",
  );
});

it("says once that a budget of nothing is passed, and no shares of it", () => {
  const said = [70, 90, 100].map((percent) =>
    sayBudgetEvent({ ...WARNED, limit: 0, threshold_percent: percent }),
  );
  expect(said).toEqual([
    null,
    null,
    "W0-01: the overall budget of 0 minutes allows nothing, and is passed.",
  ]);
});
