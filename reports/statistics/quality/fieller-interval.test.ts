import { describe, expect, it } from "vitest";

import { testContrast } from "../core/contrast.ts";
import { analyseQuality } from "./analyse-quality.ts";
import { fiellerInterval } from "./fieller-interval.ts";

describe("Fieller's interval", () => {
  it("exists from two features on", () => {
    // With t = 6.3138 on one degree of freedom, t²/2 = 19.932: A = 0.7225 − 19.932 · 0.005,
    // B = 0.68 + 19.932 · 0.01 and C = 0.64 − 19.932 · 0.02.
    const interval = fiellerInterval({ a: [0.9, 0.8], b: [0.7, 0.9] }, 0.9);
    expect(interval?.type).toBe("bounded");
    expect(interval?.lower).toBeCloseTo(0.144657, 5);
    expect(interval?.upper).toBeCloseTo(2.67891, 4);
    expect(fiellerInterval({ a: [1], b: [1] }, 0.9)).toBeNull();
    expect(fiellerInterval({ a: [], b: [] }, 0.9)).toBeNull();
  });

  it("is unbounded if neither mean differs from 0", () => {
    // With t²/3 = 6.171: A = 0.09 − 1.666, B = 0.08 + 0.741 and C = 0.071 − 1.317, so B² < A·C.
    expect(fiellerInterval({ a: [0, 0.9, 0], b: [0, 0, 0.8] }, 0.95)).toMatchObject({
      type: "unbounded",
      lower: -Infinity,
      upper: Infinity,
    });
  });

  it.each([
    [0.1, 0.3, 0.3],
    [0.1, 0.4, 0.3],
    [0.2, 0.2, 0.3],
  ])("of scores that are half of %d, %d and %d is one half alone", (...a) => {
    // The discriminant is 0, and rounding puts it below.
    const interval = fiellerInterval({ a, b: a.map((score) => score / 2) }, 0.9);
    expect(interval?.type).toBe("bounded");
    expect(interval?.lower).toBeCloseTo(0.5, 9);
    expect(interval?.upper).toBeCloseTo(0.5, 9);
  });

  it("has a covariance of exactly 0 with an arm that does not vary", () => {
    const flat = Array<number>(6).fill(0.1);
    const varied = [0.5, 0.1, 0.6, 0.05, 0.37, 0.93];
    // In this split the residuals of equal scores are rounding noise, not 0.
    const z = [1, 1, 1, -1, -1, 1];
    expect(fiellerInterval({ a: flat, b: varied, z }, 0.95)?.covAB).toBe(0);
    expect(fiellerInterval({ a: varied, b: flat, z }, 0.95)?.covAB).toBe(0);
  });
});

describe("the test of a drop", () => {
  it("is possible if the smallest p-value is the level itself", () => {
    const scores = [1, 0.5, 1, 0.5];
    const given = { a: scores, b: scores.toReversed(), rootSeed: "42" };
    expect(analyseQuality({ ...given, alpha: 2 ** -4 }).dropTestable).toBe(true);
    expect(analyseQuality({ ...given, alpha: 0.0624 }).dropTestable).toBe(false);
  });

  it("of no features is none", () => {
    expect(testContrast({ a: [], b: [] }, 0.8)).toBeNull();
  });
});
