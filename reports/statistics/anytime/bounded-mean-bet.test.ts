import { describe, expect, it } from "vitest";

import { logWealth, logWealthByPrefix } from "./bounded-mean-bet.ts";

describe("the wealth of many bets", () => {
  const bet = { bound: 0.7, grid: 20 };

  it.each([
    ["grows beyond the largest number", 0.7],
    ["falls below the smallest number", -0.3],
    ["loses one stake altogether", -0.7],
  ])("is the sum of their logarithms when it %s", (_what, value) => {
    const values = Array.from({ length: 3000 }, () => value);
    const expected = logWealthByPrefix(values, bet).at(-1) ?? 0;
    expect(Math.abs(logWealth(values, bet) / expected - 1)).toBeLessThan(1e-12);
  });

  it("is nothing if the only stake is lost", () => {
    expect(logWealth([-0.7, 0.1], { bound: 0.7, grid: 1 })).toBe(-Infinity);
  });
});
