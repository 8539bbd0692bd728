import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { mismatches } from "../test-support/compare.ts";
import { analyseCrossover, type CrossoverPair } from "./crossover.ts";
import { analysePairedLogRatio } from "./paired-log-ratio.ts";

// The same draws on every run.
fc.configureGlobal({ seed: 42 });

const cost = fc.double({ min: 1, max: 1e7, noNaN: true });
const pair: fc.Arbitrary<CrossoverPair> = fc.record({
  sequence: fc.constantFrom("AB", "BA"),
  period1: cost,
  period2: cost,
});
const pairs = fc.array(pair, { minLength: 3, maxLength: 30 });

/** Every number anywhere in a result. */
function numbersIn(value: unknown): readonly number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

/** Pairs whose true ratio is 3, with everything in period 1 four times as expensive. */
function pairsWithPeriodEffect(sequence: "AB" | "BA", count: number): readonly CrossoverPair[] {
  return Array.from({ length: count }, (_, index) => {
    const a = 3000 + 100 * index;
    const b = a / 3;
    return sequence === "AB"
      ? { sequence, period1: 4 * a, period2: b }
      : { sequence, period1: 4 * b, period2: a };
  });
}

describe("the cross-over", () => {
  it("turns its estimate around when the providers change places", () => {
    fc.assert(
      fc.property(pairs, (given) => {
        const swapped = given.map(({ sequence, ...periods }) => ({
          ...periods,
          sequence: sequence === "AB" ? ("BA" as const) : ("AB" as const),
        }));
        const direct = analyseCrossover({ pairs: given });
        const mirrored = analyseCrossover({ pairs: swapped });
        expect(mirrored.status).toBe(direct.status);
        fc.pre(direct.estimate !== null && mirrored.estimate !== null);
        expect(Math.abs((direct.estimate ?? 0) + (mirrored.estimate ?? 0))).toBeLessThan(1e-9);
      }),
    );
  });

  it("does not depend on the unit of cost", () => {
    fc.assert(
      fc.property(pairs, (given) => {
        const scaled = given.map((one) => ({
          ...one,
          period1: (one.period1 ?? 0) * 1024,
          period2: (one.period2 ?? 0) * 1024,
        }));
        const { ratio, se, period } = analyseCrossover({ pairs: given });
        const near = { absolute: 1e-9, relative: 1e-7 };
        expect(
          mismatches(analyseCrossover({ pairs: scaled }), { ratio, se, period }, near),
        ).toEqual([]);
      }),
    );
  });

  it("is not biased by a period effect, however unequal the split", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 2, max: 9 }), (nAB, nBA) => {
        const result = analyseCrossover({
          pairs: [...pairsWithPeriodEffect("AB", nAB), ...pairsWithPeriodEffect("BA", nBA)],
        });
        expect(mismatches(result, { estimate: Math.log(3), status: "zero_variance" })).toEqual([]);
        expect(mismatches(result.period, { estimate: Math.log(4) })).toEqual([]);
      }),
    );
  });
});

describe("bad data in the cross-over", () => {
  it("never returns NaN, whatever the pairs", () => {
    const value = fc.oneof(cost, fc.constant(null), fc.double());
    const wild = fc.record({
      sequence: fc.constantFrom("AB" as const, "BA" as const),
      period1: value,
      period2: value,
    });
    fc.assert(
      fc.property(fc.array(wild, { maxLength: 8 }), (given) => {
        const numbers = numbersIn(analyseCrossover({ pairs: given }));
        expect(numbers.filter(Number.isNaN)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("names the window whose cost is impossible", () => {
    const good = { sequence: "AB" as const, period1: 1, period2: 2, feature: "lru-cache" };
    const { problem } = analyseCrossover({
      pairs: [good, { ...good, feature: "json-path", period2: Number.NaN }],
    });
    expect(problem).toBe(
      'Feature "json-path", period 2: expected a positive finite value, got NaN.',
    );
  });

  it("refuses a feature that comes twice", () => {
    const good = { sequence: "AB" as const, period1: 1, period2: 2, feature: "lru-cache" };
    const result = analyseCrossover({ pairs: [good, good] });
    expect(result.status).toBe("invalid_input");
    expect(result.problem).toContain("lru-cache");
  });
});

describe("the paired log ratio", () => {
  const costs = fc.array(fc.tuple(cost, cost), { minLength: 1, maxLength: 30 });

  it("is the inverse when the providers change places", () => {
    fc.assert(
      fc.property(costs, (rows) => {
        const a = rows.map(([first]) => first);
        const b = rows.map(([, second]) => second);
        const { gmr, totalsRatio } = analysePairedLogRatio({ a, b });
        const swapped = analysePairedLogRatio({ a: b, b: a });
        expect((gmr ?? 0) * (swapped.gmr ?? 0)).toBeCloseTo(1, 9);
        expect((totalsRatio ?? 0) * (swapped.totalsRatio ?? 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it("gives a point without an interval for one pair, and nothing for none", () => {
    expect(analysePairedLogRatio({ a: [2], b: [1] })).toMatchObject({
      status: "insufficient",
      gmr: 2,
      totalsRatio: 2,
      se: null,
      ciWidthRel: null,
    });
    expect(analysePairedLogRatio({ a: [], b: [] })).toMatchObject({ status: "no_data", n: 0 });
  });

  it("is certain if every pair has the same ratio", () => {
    const result = analysePairedLogRatio({ a: [2, 4, 6], b: [1, 2, 3] });
    expect(result).toMatchObject({ status: "zero_variance", se: 0, ciWidthRel: 0, t: null });
    expect(result.nullTests).toEqual([
      { theta0: 1, t: null, pGreater: 0, pLess: 1 },
      { theta0: 2, t: null, pGreater: 1, pLess: 1 },
    ]);
  });

  it.each([
    [{ a: [1, 2], b: [1] }, "as many costs"],
    [{ a: [1, 0], b: [1, 1] }, "Pair 2, A"],
    [{ a: [1, 1], b: [Infinity, 1] }, "Pair 1, B"],
    [{ a: [1, 1], b: [Number.NaN, 1] }, "Pair 1, B"],
  ])("refuses %o", (input, message) => {
    const result = analysePairedLogRatio(input);
    expect(result).toMatchObject({ status: "invalid_input", n: null, gmr: null });
    expect(result.problem).toContain(message);
  });
});
