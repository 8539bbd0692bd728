import { describe, expect, it } from "vitest";

import { compareTwoSamples, differenceBeyondRounding, tInterval, tTest } from "./t-inference.ts";

describe("an estimate without any error", () => {
  it("is its own interval at any level", () => {
    expect(tInterval({ estimate: 3, se: 0, df: 5 }, 0.95)).toEqual({ lower: 3, upper: 3 });
    expect(tInterval({ estimate: 3, se: 0, df: 5 }, 1)).toEqual({ lower: 3, upper: 3 });
  });

  it.each([
    [2, { pGreater: 0, pLess: 1, pTwoSided: 0 }],
    [-2, { pGreater: 1, pLess: 0, pTwoSided: 0 }],
    [1, { pGreater: 1, pLess: 0, pTwoSided: 0 }],
    [1.5 + 1e-13, { pGreater: 1, pLess: 1, pTwoSided: 1 }],
  ])("is certainly on its side of 1.5: %s", (estimate, expected) => {
    expect(tTest({ estimate, se: 0, df: 5 }, 1.5)).toEqual({ t: null, ...expected });
  });
});

describe("a difference beyond rounding", () => {
  it.each([
    // From 1 on it is relative to the larger number, below it is absolute.
    [1e6, 1e6 + 5e-7, 0],
    [-1e6 - 5e-7, -1e6, 0],
    [1e6, 1e6 + 2e-6, -2e-6],
    [1e-13, 0, 0],
    [1e-12, 0, 0],
    [1e-11, 0, 1e-11],
    [3, 5, -2],
  ])("from %s to %s is %s", (a, b, expected) => {
    const difference = differenceBeyondRounding(a, b);
    expect(difference === 0).toBe(expected === 0);
    expect(difference).toBeCloseTo(expected, 9);
  });
});

describe("the comparison of two groups", () => {
  it.each([
    ["no first group", [], [1, 2, 3]],
    ["no second group", [1, 2, 3], []],
    ["one value each", [1], [2]],
    ["nothing", [], []],
  ])("is unknown with %s", (_, first, second) => {
    expect(compareTwoSamples(first, second)).toBeNull();
  });

  it("needs three values in all", () => {
    // The pooled variance is 2 on one degree of freedom; se² = 2 · (1/2 + 1).
    const found = compareTwoSamples([1, 3], [5]);
    expect(found).toMatchObject({ estimate: -3, df: 1 });
    expect(found?.sd).toBeCloseTo(Math.SQRT2, 12);
    expect(found?.se).toBeCloseTo(Math.sqrt(3), 12);
  });

  it("takes rounding noise for no spread", () => {
    const noisy = [0.3, 0.1 + 0.2];
    expect(noisy[0]).not.toBe(noisy[1]);
    expect(compareTwoSamples(noisy, [1, 1])).toMatchObject({ sd: 0, se: 0, t: null });
  });
});
