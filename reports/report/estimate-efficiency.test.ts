import { array, assert, integer, property, tuple } from "fast-check";
import { mean, sampleStandardDeviation, sum } from "simple-statistics";
import { describe, expect, it } from "vitest";

import { tQuantile } from "../statistics/numerics/student-t.ts";
import { estimateEfficiency, type WindowYield } from "./estimate.ts";

const FOUR = worksOf([2, 2.2, 3, 1.9], [1, 1, 1, 0.9]);

const TOO_FEW = "fewer than 3 features";

describe("an efficiency", () => {
  it("is a ratio of sums, and its limits are the ratios that a t test just does not reject", () => {
    assert(
      property(
        array(tuple(integer({ min: 90, max: 110 }), integer({ min: 0, max: 10 })), {
          minLength: 3,
          maxLength: 20,
        }),
        (drawn) => {
          const used = drawn.map(([one]) => one);
          const quality = drawn.map(([, tenths]) => tenths / 10);
          const { value, ci95, df } = estimateEfficiency(worksOf(used, quality), 1);
          expect(value).toBeCloseTo(sum(quality) / sum(used), 12);
          expect(df).toBe(used.length - 1);
          for (const limit of [ci95?.lower ?? NaN, ci95?.upper ?? NaN]) {
            const left = quality.map((one, index) => one - limit * (used[index] ?? 0));
            const error = sampleStandardDeviation(left) / Math.sqrt(left.length);
            const bound = tQuantile(0.975, left.length - 1) * error;
            expect(Math.abs(mean(left))).toBeCloseTo(bound, 6);
          }
        },
      ),
    );
  });

  it("is scaled to the given number of units, with its limits", () => {
    const one = estimateEfficiency(FOUR, 1);
    const hundred = estimateEfficiency(FOUR, 100);
    expect(hundred.value).toBeCloseTo((one.value ?? NaN) * 100, 10);
    expect(hundred.ci95?.upper).toBeCloseTo((one.ci95?.upper ?? NaN) * 100, 10);
  });

  it.each([
    { what: "the same windows", used: [77, 77, 77], quality: [0.1, 0.1, 0.1] },
    { what: "windows in proportion", used: [10, 20, 30, 40], quality: [0.01, 0.02, 0.03, 0.04] },
    { what: "windows in another proportion", used: [7, 8, 9], quality: [0.21, 0.24, 0.27] },
  ])("is known to the point of $what, whatever their floats round to", ({ used, quality }) => {
    const { value, ci95 } = estimateEfficiency(worksOf(used, quality), 1);
    expect(ci95?.lower).toBeCloseTo(value ?? NaN, 6);
    expect(ci95?.upper).toBeCloseTo(value ?? NaN, 6);
  });

  it("takes several windows of one feature for one", () => {
    const twice = [...FOUR, ...FOUR];
    const { value, ci95, df } = estimateEfficiency(FOUR, 1);
    expect(estimateEfficiency(twice, 1)).toMatchObject({ value, df });
    expect(estimateEfficiency(twice, 1).ci95?.lower).toBeCloseTo(ci95?.lower ?? NaN, 10);
  });
});

describe("an efficiency of too little", () => {
  it.each([
    { what: "no window", works: [], reason: "no valid window" },
    { what: "nothing used", works: worksOf([0, 0, 0], [1, 1, 1]), reason: "nothing was used" },
  ])("has no value of $what, and says why", ({ works, reason }) => {
    expect(estimateEfficiency(works, 1)).toMatchObject({
      value: null,
      ci95: null,
      df: null,
      reason,
    });
  });

  it.each([
    { what: "two features", works: worksOf([1, 2], [1, 1]), value: 2 / 3, reason: TOO_FEW },
    {
      what: "one feature, four times",
      works: sameFeature(FOUR),
      value: 3.9 / 9.1,
      reason: TOO_FEW,
    },
    {
      what: "a use that may as well be 0",
      works: worksOf([0, 2, 1], [1, 1, 0.5]),
      value: 2.5 / 3,
      reason: "what was used varies too much for an interval",
    },
  ])("has a value and no interval of $what, and says why", ({ works, value, reason }) => {
    const told = estimateEfficiency(works, 1);
    expect(told).toMatchObject({ ci95: null, df: null, reason });
    expect(told.value).toBeCloseTo(value, 12);
  });
});

function worksOf(used: readonly number[], quality: readonly number[]): readonly WindowYield[] {
  return used.map((one, index) => ({
    feature: `f${index}`,
    used: one,
    quality: quality[index] ?? 0,
  }));
}

function sameFeature(works: readonly WindowYield[]): readonly WindowYield[] {
  return works.map((work) => ({ ...work, feature: "f" }));
}
