import { describe, expect, it } from "vitest";

import { mismatches, readOracle } from "../test-support/compare.ts";
import { summariseArm } from "./arm-summary.ts";

interface Oracle {
  readonly cases: readonly {
    readonly label: string;
    readonly level: number;
    readonly x: readonly number[];
    readonly expected: unknown;
  }[];
}

const { cases }: Oracle = readOracle("02-arm-summary.json");

describe("the summary of an arm", () => {
  it.each(cases)("agrees with R: $label", ({ x, level, expected }) => {
    expect(mismatches(summariseArm(x, level), expected)).toEqual([]);
  });

  it.each([
    ["insufficient", [5], { sd: null, se: null, cv: null, geoMean: 5, geoCiLower: null }],
    ["zero_variance", [5, 5, 5], { sd: 0, ciLower: 5, ciUpper: 5, cv: 0, ciWidthRel: 0 }],
    ["ok", [-1, 1], { mean: 0, ciWidthRel: null, cv: null, geoMean: null }],
    ["ok", [4, 6], { mean: 5, median: 5, min: 4, max: 6 }],
  ])("is %s for %j", (status, values, expected) => {
    expect(summariseArm(values)).toMatchObject({ status, n: values.length, ...expected });
  });

  it.each([Number.NaN, Infinity, -Infinity])(
    "names a value of %s and computes nothing",
    (value) => {
      const summary = summariseArm([1, value]);
      expect(summary).toMatchObject({ status: "invalid_input", n: null, mean: null });
      expect(summary.problem).toContain("Value 2");
    },
  );
});
