import { describe, expect, it } from "vitest";

import type { Sequence } from "../core/sequence.ts";
import { mismatches, readOracle } from "../test-support/compare.ts";
import { analyseCrossoverRounds, type CrossoverRound } from "./crossover-rounds.ts";
import { analyseCrossover } from "./crossover.ts";

interface Oracle {
  readonly rounds: readonly {
    readonly rows: readonly {
      readonly feature: number;
      readonly sequence: Sequence;
      readonly costA: number;
      readonly costB: number;
    }[];
    readonly expected: unknown;
  }[];
}

const { rounds }: Oracle = readOracle("04-crossover.json");

const oneRoundEach: readonly CrossoverRound[] = [
  { feature: "a", sequence: "AB", costA: 80, costB: 40 },
  { feature: "b", sequence: "BA", costA: 90, costB: 30 },
  { feature: "c", sequence: "AB", costA: 50, costB: 20 },
  { feature: "d", sequence: "BA", costA: 70, costB: 33 },
];

describe("the cross-over over several rounds", () => {
  it.each(rounds)("agrees with R", ({ rows, expected }) => {
    const named = rows.map((row) => ({ ...row, feature: String(row.feature) }));
    expect(mismatches(analyseCrossoverRounds({ rows: named }), expected)).toEqual([]);
  });

  it("equals the plain cross-over if every feature has one round", () => {
    const { ratio, ciWidthRel, se } = analyseCrossover({
      pairs: oneRoundEach.map(({ sequence, costA, costB }) => ({
        sequence,
        period1: sequence === "AB" ? costA : costB,
        period2: sequence === "AB" ? costB : costA,
      })),
    });
    expect(
      mismatches(analyseCrossoverRounds({ rows: oneRoundEach }), { ratio, ciWidthRel, se }),
    ).toEqual([]);
  });

  it("drops the period if every feature is balanced in itself", () => {
    const balanced = oneRoundEach.flatMap((row) => [
      { ...row, sequence: "AB" as const },
      { ...row, sequence: "BA" as const },
    ]);
    const result = analyseCrossoverRounds({ rows: balanced });
    expect(result).toMatchObject({ status: "ok", period: null, df: 3, nEff: 4 });
  });

  it("leaves incomplete rounds out and counts them", () => {
    const rows: readonly CrossoverRound[] = [
      ...oneRoundEach,
      { feature: "a", sequence: "BA", costA: null, costB: 7 },
      { feature: "e", sequence: "BA", costA: 3, costB: null },
    ];
    const result = analyseCrossoverRounds({ rows });
    expect(result).toMatchObject({ features: 4, incompleteRounds: 2, status: "ok" });
    expect(result.ratio).toBe(analyseCrossoverRounds({ rows: oneRoundEach }).ratio);
  });

  it.each([
    ["a round that comes twice", { round: 1 }, "each round once"],
    ["a cost of zero", { costA: 0 }, "positive finite cost"],
    ["a cost of NaN", { costB: Number.NaN }, "positive finite cost"],
  ])("refuses %s", (_, change, message) => {
    const first = { feature: "a", sequence: "AB" as const, costA: 1, costB: 1, round: 1 };
    const result = analyseCrossoverRounds({ rows: [first, { ...first, round: 2, ...change }] });
    expect(result.status).toBe("invalid_input");
    expect(result.problem).toContain(message);
  });

  it.each([
    [[], "no_data"],
    [oneRoundEach.slice(0, 1), "insufficient"],
    [oneRoundEach.slice(0, 2), "insufficient"],
    [oneRoundEach.filter(({ sequence }) => sequence === "AB"), "one_sequence"],
  ] as const)("says how much the data support (%#)", (rows, status) => {
    const result = analyseCrossoverRounds({ rows });
    expect(result).toMatchObject({ status, se: null, ciWidthRel: null });
  });
});
