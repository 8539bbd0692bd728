import { expect, test } from "vitest";

import { sayTightLimits } from "./say-tight-limits.ts";
import { limitsWith } from "./test-support/budget-lab.ts";

const OVERALL = { scope: "overall", name: "overall" } as const;

test.each([
  ["tokens", 4096, true],
  ["tokens", 4097, false],
  ["tokens", 0, false],
  ["usd", 0.04, true],
  ["usd", 0.05, false],
  ["minutes", 0.1, false],
] as const)("a limit in %s of %d is too small for a first answer: %j", (unit, limit, isTight) => {
  const limits = limitsWith({ more: [{ ...OVERALL, unit, limit }] });
  const costs = [() => 0.05, () => 0.2, () => null];
  expect(sayTightLimits(limits, costs)).toHaveLength(isTight ? 1 : 0);
  expect(sayTightLimits({ ...limits, mode: "warn" }, costs)).toEqual([]);
});

test("it names the limit and the reservation", () => {
  expect(sayTightLimits(limitsWith({ overall: 120 }), [])).toEqual([
    "The overall budget of 120 tokens has room for a provider's first request only if it limits its answer: 4096 tokens are reserved otherwise.",
  ]);
});

test("without a price, no limit of dollars is too small", () => {
  const more = [{ ...OVERALL, unit: "usd", limit: 0.01 }] as const;
  expect(sayTightLimits(limitsWith({ more }), [() => null])).toEqual([]);
});
