import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { openStream } from "../randomisation/stream.ts";
import { readOracle } from "../test-support/compare.ts";
import { analyseQuality } from "./analyse-quality.ts";
import { signFlipTest } from "./sign-flip-test.ts";
import { signedRankTest } from "./signed-rank-test.ts";

// The same draws on every run.
fc.configureGlobal({ seed: 42 });

const { qualityEmpty }: { readonly qualityEmpty: unknown } = readOracle("12-edge-cases.json");

const score = fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20);
const scorePairs = fc.array(fc.tuple(score, score), { minLength: 1, maxLength: 15 });

function analysePairs(rows: readonly (readonly [number, number])[]) {
  return analyseQuality({
    a: rows.map(([a]) => a),
    b: rows.map(([, b]) => b),
    z: rows.map((_, index) => (index % 2 === 0 ? 1 : -1)),
    rootSeed: "42",
  });
}

function numbersIn(value: unknown): readonly number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

function repeat(count: number, pair: readonly [number, number]) {
  return Array.from({ length: count }, () => pair);
}

function testable(n: number): boolean {
  return analysePairs(repeat(n, [1, 0.5])).dropTestable;
}

describe("the analysis of quality", () => {
  it("keeps probabilities in [0, 1], bounds in order, and never returns NaN", () => {
    fc.assert(
      fc.property(scorePairs, (rows) => {
        const quality = analysePairs(rows);
        const { betting, contrastSignFlip } = quality;
        expect(numbersIn(quality).filter(Number.isNaN)).toEqual([]);
        expect(betting.ratioLower).toBeLessThanOrEqual(betting.ratioUpper);
        expect(betting.meanCsA[0]).toBeLessThanOrEqual(quality.meanA ?? 0);
        expect(betting.meanCsA[1]).toBeGreaterThanOrEqual(quality.meanA ?? 1);
        expect(contrastSignFlip?.pGreater).toBeLessThanOrEqual(1);
        expect(contrastSignFlip?.pGreater).toBeGreaterThanOrEqual(
          quality.contrastSignFlip?.minAttainableP ?? 0,
        );
      }),
      { numRuns: 60 },
    );
  });

  it("gives evidence that does not depend on the order of the features", () => {
    fc.assert(
      fc.property(scorePairs, (rows) => {
        const direct = analysePairs(rows).betting.logENonInferior.at(-1) ?? 0;
        const reversed = analysePairs(rows.toReversed()).betting.logENonInferior.at(-1) ?? 0;
        expect(Math.abs(direct - reversed)).toBeLessThan(1e-9);
      }),
      { numRuns: 30 },
    );
  });

  it("needs 18 features for evidence of 20 when both providers always score 1", () => {
    const { betting } = analysePairs(repeat(18, [1, 1]));
    expect(betting.logENonInferior.findIndex((logE) => logE >= Math.log(20)) + 1).toBe(18);
  });

  it("can show a drop from five features on", () => {
    expect([4, 5].map(testable)).toEqual([false, true]);
  });
});

describe("the analysis of quality on bad data", () => {
  it.each([
    ["no features", [], "no_data"],
    ["one feature", [[1, 1]], "insufficient"],
    [
      "two features, one of each order",
      [
        [1, 1],
        [0.5, 0.4],
      ],
      "ok",
    ],
    ["all ties", repeat(6, [1, 1]), "zero_variance"],
    ["a score above 1", [[1.1, 1]], "invalid_input"],
    ["a score of NaN", [[1, Number.NaN]], "invalid_input"],
  ] as const)("has an answer for %s", (_, rows, status) => {
    expect(analysePairs(rows).status).toBe(status);
  });

  it("has neither ratio nor evidence without features", () => {
    const { n, ratio, betting } = analysePairs([]);
    expect({ n, ratio, logE: betting.logENonInferior.at(-1) ?? 0 }).toEqual(qualityEmpty);
  });

  it("has no ratio if the baseline scored nothing", () => {
    const quality = analysePairs([
      [0, 0.5],
      [0, 0.4],
      [0, 0.6],
    ]);
    expect(quality.ratio).toBeNull();
    expect(quality.fieller90).toMatchObject({ ratio: null, g: null, type: "unbounded" });
  });

  it("names the feature and arm of an impossible score", () => {
    expect(
      analysePairs([
        [1, 1],
        [1, -0.1],
      ]).problem,
    ).toBe("Feature 2, B: expected a score between 0 and 1, got -0.1.");
  });
});

describe("tests by sign", () => {
  it("agree with the exact sign flips beyond 20 values, within Monte-Carlo error", () => {
    const draw = openStream("test", "values");
    const values = Array.from({ length: 20 }, () => draw() - 0.4);
    const exact = signFlipTest(values, draw);
    // A value of 0 changes nothing but the method.
    const random = signFlipTest([...values, 0], openStream("test", "flips"));
    const se = Math.sqrt((exact.pGreater * (1 - exact.pGreater)) / 20_000);
    expect(Math.abs(random.pGreater - exact.pGreater)).toBeLessThan(4 * se + 1e-4);
    expect(random.pGreater * 20_000).toBe(Math.round(random.pGreater * 20_000));
  });

  it("never give a Monte-Carlo p-value of 0", () => {
    const values = Array<number>(40).fill(1);
    expect(signFlipTest(values, openStream("test", "flips")).pGreater).toBe(1 / 20_000);
  });

  it("turn around when every sign does", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 12 }), (values) => {
        const mirrored = values.map((value) => -value);
        const rng = openStream("test", "unused");
        expect(signFlipTest(mirrored, rng).pLess).toBe(signFlipTest(values, rng).pGreater);
        const direct = signedRankTest(values)?.pGreater ?? 0;
        expect(Math.abs((signedRankTest(mirrored)?.pLess ?? 0) - direct)).toBeLessThan(1e-12);
      }),
    );
  });

  it("give up exact ranks beyond 500 values", () => {
    expect(signedRankTest(Array.from({ length: 501 }, (_, index) => index + 1))).toBeNull();
    expect(signedRankTest(Array<number>(500).fill(1))?.V).toBe((500 * 501) / 2);
  });
});
