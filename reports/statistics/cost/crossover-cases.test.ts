import { describe, expect, it } from "vitest";

import { adverseTail } from "./adverse-tail.ts";
import { analyseCrossoverRounds, clusteredError, type CrossoverRound } from "./crossover-rounds.ts";
import { analyseCrossover } from "./crossover.ts";
import { analysePairedLogRatio, totalsRatio } from "./paired-log-ratio.ts";

const AB = { sequence: "AB" as const, period1: 80, period2: 40 };
const BA = { sequence: "BA" as const, period1: 30, period2: 90 };

describe("the cross-over on the scale of the values", () => {
  it("takes values of 0 and below, and gives no ratio", () => {
    const pairs = [
      { ...AB, period1: 3, period2: -1 },
      { ...AB, period1: 5, period2: 0 },
      { ...BA, period1: 1, period2: 2 },
    ];
    // A − B is 4 and 5 in AB, and 1 in BA: the mean of 4.5 and 1.
    const result = analyseCrossover({ pairs, scale: "identity" });
    expect(result).toMatchObject({ status: "ok", ratio: null, ciWidthRel: null, nullTests: [] });
    expect(result.estimate).toBeCloseTo(2.75, 12);
    expect(result.anova).toMatchObject({ cvWithin: null, cvBetween: null });
    expect(analyseCrossover({ pairs }).problem).toBe(
      "Pair 1 (AB), period 2: expected a positive finite value, got -1.",
    );
    const infinite = [AB, { ...BA, period1: Infinity }];
    expect(analyseCrossover({ pairs: infinite, scale: "identity" }).problem).toBe(
      "Pair 2 (BA), period 1: expected a finite value, got Infinity.",
    );
  });
});

describe("the cross-over", () => {
  it("names the feature of an impossible value, or that comes twice", () => {
    const cache = { ...AB, feature: "cache" };
    expect(analyseCrossover({ pairs: [cache, { ...cache, period1: 0 }] }).problem).toContain(
      'Feature "cache": expected one pair per feature, got another.',
    );
    expect(analyseCrossover({ pairs: [AB, { ...cache, period1: 0 }] }).problem).toBe(
      'Feature "cache", period 1: expected a positive finite value, got 0.',
    );
    expect(analyseCrossover({ pairs: [AB, AB, BA] })).toMatchObject({ status: "zero_variance" });
  });

  it("warns of totals that differ by sequence with p below 0.1", () => {
    // The period totals (log scale) of AB and BA are far apart, and vary little.
    const apart = [1, 1.01, 1.02, 1].flatMap((factor) => [
      { ...AB, period1: 80 * factor, period2: 40 },
      { ...BA, period1: 300 * factor, period2: 900 },
    ]);
    const close = [1, 2, 3, 1.5].flatMap((factor) => [
      { ...AB, period1: 80 * factor, period2: 40 * factor },
      { ...BA, period1: 40 * factor, period2: 80 * factor },
    ]);
    expect(analyseCrossover({ pairs: apart }).carryoverWarning).toBe(true);
    expect(analyseCrossover({ pairs: close }).carryoverWarning).toBe(false);
  });
});

function row(feature: string, changes: Partial<CrossoverRound> = {}): CrossoverRound {
  return { feature, round: 1, sequence: "AB", costA: 80, costB: 40, ...changes };
}

describe("rounds", () => {
  it("are tested against ratios of 1 and 2", () => {
    const rows = [row("a"), row("b", { costA: 90 }), row("c", { sequence: "BA" })];
    const { nullTests } = analyseCrossoverRounds({ rows });
    expect(nullTests.map(({ theta0 }) => theta0)).toEqual([1, 2]);
  });

  it("of one family are one unit, however many rounds its features have", () => {
    const rows = [
      row("a", { family: "x" }),
      row("a", { family: "x", round: 2 }),
      row("b", { family: "x", costA: 160 }),
      row("c", { sequence: "BA" }),
    ];
    const { dBar, features } = analyseCrossoverRounds({ rows });
    expect(features).toBe(3);
    // The means of the features are ln 2 and ln 4, and their mean ln √8.
    expect(dBar.map((d) => Math.exp(d).toFixed(9))).toEqual([
      Math.sqrt(8).toFixed(9),
      (2).toFixed(9),
    ]);
  });

  it.each([
    [row("b", { costB: Infinity }), "Infinity"],
    [row("b", { costB: 0 }), "0"],
  ])("with an impossible cost are refused: %o", (wrong, got) => {
    const { status, problem, features } = analyseCrossoverRounds({ rows: [row("a"), wrong] });
    expect({ status, features }).toEqual({ status: "invalid_input", features: null });
    expect(problem).toBe(
      `Entry 2, feature "b", round 1: expected a positive finite cost, got ${got}.`,
    );
  });

  it("without a number are named without one, and may come twice", () => {
    const { round: _round, ...plain } = row("a");
    expect(analyseCrossoverRounds({ rows: [plain, { ...plain, costA: -1 }] }).problem).toBe(
      'Entry 2, feature "a": expected a positive finite cost, got -1.',
    );
    expect(analyseCrossoverRounds({ rows: [row("a"), row("a")] }).problem).toBe(
      'Entry 2, feature "a", round 1: expected each round once, got it again.',
    );
  });
});

describe("the error of clustered rounds", () => {
  it("needs two values, and two clusters", () => {
    // s = √2 of two values, so s / √2 = 1.
    expect(clusteredError([[1, 3]]).seNaive).toBeCloseTo(1, 12);
    expect(clusteredError([[1, 3]]).seClustered).toBeNull();
    expect(clusteredError([[4]]).seNaive).toBeNull();
    // √(1.5² + 1.5²) / 2 · √2 = 1.5.
    expect(clusteredError([[1], [4]]).seClustered).toBeCloseTo(1.5, 12);
  });
});

describe("paired costs", () => {
  it("have an interval of their totals from two pairs on", () => {
    const ratio = totalsRatio([
      { a: 90, b: 30 },
      { a: 120, b: 60 },
    ]);
    // Without one pair the logs are ln 2 and ln 3: se = √(½ · 2 · (½ ln 1.5)²).
    expect(ratio.totalsLogSeJackknife).toBeCloseTo(Math.log(1.5) / 2, 12);
    expect(totalsRatio([{ a: 90, b: 30 }]).totalsLogSeJackknife).toBeNull();
  });

  it("are tested for equivalence within 0.8 and 1.25", () => {
    const { tost, status } = analysePairedLogRatio({ a: [90, 120, 65], b: [30, 52, 24] });
    expect(tost).toMatchObject([{ lower: 0.8, upper: 1.25 }]);
    expect(status).toBe("ok");
    expect(analysePairedLogRatio({ a: [2, 4], b: [1, 2] }).status).toBe("zero_variance");
  });
});

it("bounds the share of adverse pairs by Clopper and Pearson", () => {
  // scipy 1.17.1: stats.beta.ppf(0.95, 3, 8) for two of ten pairs.
  const logRatios = [1, 1, 1, 1, -1, 1, 0, 1, 1, 1];
  expect(adverseTail(logRatios)).toMatchObject({ n: 10, adversePairs: 2 });
  expect(adverseTail(logRatios).shareUpper95).toBeCloseTo(0.5069013010632024, 12);
});
