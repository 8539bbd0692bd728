import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { fitPeriodAdjusted, fitPrefixes } from "../core/period-adjusted-fit.ts";
import { mismatches } from "../test-support/compare.ts";
import { meanConfidenceSequence, ratioLowerBound, ratioUpperBound } from "./bounded-mean-bet.ts";
import { tConfidenceSequence, tLowerBound, tMixtureLogE } from "./t-mixture.ts";

// The same draws on every run.
fc.configureGlobal({ seed: 42 });

const evidence = fc.record({
  estimate: fc.double({ min: -5, max: 5, noNaN: true }),
  sd: fc.double({ min: 0.01, max: 5, noNaN: true }),
  nEff: fc.double({ min: 1, max: 200, noNaN: true }),
  df: fc.integer({ min: 1, max: 198 }),
});
const rounding = { absolute: 1e-9, relative: 1e-9 };
const level = { alpha: 0.05, g: 1 };

describe("the t mixture", () => {
  it("weighs one direction as the mirrored one and averages to the two-sided value", () => {
    fc.assert(
      fc.property(evidence, (given) => {
        const direct = tMixtureLogE(given, { nullValue: 0, g: 1 });
        const mirrored = tMixtureLogE(
          { ...given, estimate: -given.estimate },
          { nullValue: 0, g: 1 },
        );
        expect(mirrored.less).toBeCloseTo(direct.greater, 9);
        // The normal prior is the even mixture of both half-normal ones.
        const largest = Math.max(direct.greater, direct.less);
        const average =
          Math.log((Math.exp(direct.greater - largest) + Math.exp(direct.less - largest)) / 2) +
          largest;
        expect(average).toBeCloseTo(direct.twoSided, 7);
      }),
    );
  });

  it("gains evidence as the estimate moves away from the null value", () => {
    fc.assert(
      fc.property(evidence, (given) => {
        const near = tMixtureLogE(given, { nullValue: 0, g: 1 }).greater;
        const far = tMixtureLogE(
          { ...given, estimate: given.estimate + 0.1 },
          { nullValue: 0, g: 1 },
        ).greater;
        expect(far).toBeGreaterThanOrEqual(near - 1e-9);
      }),
    );
  });

  it("refutes exactly the null values outside its confidence sequence", () => {
    fc.assert(
      fc.property(evidence, (given) => {
        const { lower } = tConfidenceSequence(given, level);
        fc.pre(Number.isFinite(lower));
        const { twoSided } = tMixtureLogE(given, { nullValue: lower, g: 1 });
        expect(twoSided).toBeCloseTo(Math.log(20), 6);
        const bound = tLowerBound(given, level);
        expect(bound).toBeGreaterThanOrEqual(lower - 1e-9);
        expect(tMixtureLogE(given, { nullValue: bound, g: 1 }).greater).toBeCloseTo(
          Math.log(20),
          5,
        );
      }),
    );
  });

  it("has no bound at all from too little data", () => {
    const little = { estimate: 1, sd: 0.5, nEff: 1, df: 1 };
    expect(tConfidenceSequence(little, level)).toEqual({ lower: -Infinity, upper: Infinity });
    expect(tLowerBound({ ...little, df: 0 }, level)).toBe(-Infinity);
  });
});

describe("fits of prefixes", () => {
  it("equal the fit of each prefix on its own", () => {
    const row = fc.tuple(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.constantFrom(-1, -1 / 3, 0, 0.5, 1),
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 25 }), (rows) => {
        const d = rows.map(([value]) => value);
        const z = rows.map(([, sign]) => sign);
        for (const [index, fit] of fitPrefixes(d, z).entries()) {
          const own = fitPeriodAdjusted(d.slice(0, index + 1), z.slice(0, index + 1));
          const expected = own === null || own.sd === null ? null : own;
          expect(
            mismatches(
              fit,
              expected && {
                estimate: expected.estimate,
                sd: expected.sd,
                df: expected.df,
                nEff: expected.nEff,
              },
              rounding,
            ),
          ).toEqual([]);
        }
      }),
    );
  });
});

describe("bets on bounded scores", () => {
  it("bound nothing without features", () => {
    const bet = { alpha: 0.05, grid: 20 };
    expect(ratioLowerBound({ a: [], b: [] }, bet)).toBe(0);
    expect(ratioUpperBound({ a: [], b: [] }, bet)).toBe(Infinity);
    expect(meanConfidenceSequence([], bet)).toEqual([0, 1]);
  });
});
