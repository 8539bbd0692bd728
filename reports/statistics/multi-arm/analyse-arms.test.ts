import { describe, expect, it } from "vitest";

import { analyseCrossover } from "../cost/crossover.ts";
import { mismatches, readOracle } from "../test-support/compare.ts";
import { analyseArms } from "./analyse-arms.ts";
import { bonferroni, holm, pFromLogE } from "./holm.ts";
import { invertSymmetric } from "./within-block-fit.ts";

interface Oracle {
  readonly holm: readonly { readonly p: readonly number[] | number; readonly expected: unknown }[];
  readonly eHolm: readonly { readonly logE: readonly number[]; readonly expected: unknown }[];
  readonly designs: readonly {
    readonly label: string;
    readonly arms: readonly string[];
    readonly rows: readonly {
      readonly feature: number;
      readonly period: number;
      readonly arm: string;
      readonly cost: number;
    }[];
    readonly expected: unknown;
  }[];
}

const oracle: Oracle = readOracle("10-multi-arm.json");

describe("several candidates", () => {
  it.each(oracle.holm)("are adjusted as R does for $p", ({ p, expected }) => {
    const values = [p].flat();
    const actual = { adjusted: holm(values), bonferroni: bonferroni(values) };
    expect(mismatches(actual, expected)).toEqual([]);
  });

  it.each(oracle.eHolm)("are adjusted by e-values $logE", ({ logE, expected }) => {
    const pFromE = logE.map((value) => pFromLogE(value));
    expect(mismatches({ pFromE, holmAdjusted: holm(pFromE) }, expected)).toEqual([]);
  });

  it.each(oracle.designs)(
    "in a Williams design agree with R: $label",
    ({ rows, arms, expected }) => {
      const windows = rows.map((row) => ({ ...row, feature: String(row.feature) }));
      const order = new Map(arms.map((arm, index) => [arm, index]));
      const sorted = windows.toSorted((a, b) => (order.get(a.arm) ?? 0) - (order.get(b.arm) ?? 0));
      expect(mismatches(analyseArms(sorted, arms[0] ?? ""), expected)).toEqual([]);
    },
  );

  it("give the cross-over's answer when there is only one", () => {
    const costs: readonly (readonly [number, number])[] = [
      [80, 40],
      [90, 30],
      [50, 20],
      [70, 33],
      [60, 41],
    ];
    const windows = costs.flatMap(([a, b], index) => [
      { feature: `f${index}`, period: 1 + (index % 2), arm: "a", cost: a },
      { feature: `f${index}`, period: 2 - (index % 2), arm: "b", cost: b },
    ]);
    const pairs = costs.map(([a, b], index) =>
      index % 2 === 0
        ? { sequence: "AB" as const, period1: a, period2: b }
        : { sequence: "BA" as const, period1: b, period2: a },
    );
    const { ratio, ratioCi95Lower, ratioCi95Upper } = analyseCrossover({ pairs });
    expect(
      mismatches(analyseArms(windows, "a").contrasts[0], { ratio, ratioCi95Lower, ratioCi95Upper }),
    ).toEqual([]);
  });
});

describe("the analysis of several candidates", () => {
  it.each([
    ["no windows", [], "no_data"],
    ["no baseline", [{ feature: "f", period: 1, arm: "b", cost: 1 }], "no_data"],
    [
      "a single feature",
      [
        { feature: "f", period: 1, arm: "a", cost: 1 },
        { feature: "f", period: 2, arm: "b", cost: 1 },
      ],
      "insufficient",
    ],
    [
      "a window that comes twice",
      [
        { feature: "f", period: 1, arm: "a", cost: 1 },
        { feature: "f", period: 2, arm: "a", cost: 1 },
      ],
      "invalid_input",
    ],
    ["a cost of 0", [{ feature: "f", period: 1, arm: "a", cost: 0 }], "invalid_input"],
  ] as const)("have an answer for %s", (_, windows, status) => {
    expect(analyseArms(windows, "a")).toMatchObject({ status, contrasts: [], df: null });
  });
});

describe("the inverse of a symmetric matrix", () => {
  it("is null for a singular one", () => {
    expect(
      invertSymmetric([
        [1, 1],
        [1, 1],
      ]),
    ).toBeNull();
  });

  it("undoes the matrix", () => {
    expect(
      mismatches(
        invertSymmetric([
          [4, 2],
          [2, 3],
        ]),
        [
          [0.375, -0.25],
          [-0.25, 0.5],
        ],
      ),
    ).toEqual([]);
  });
});
