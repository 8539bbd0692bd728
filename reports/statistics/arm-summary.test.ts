import { describe, expect, it } from "vitest";

import { summariseArm } from "./arm-summary.ts";
import { mismatches, readOracle } from "./oracle/compare.ts";

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

  it.each([Number.NaN, Infinity, -Infinity])(
    "names a value of %s and computes nothing",
    (value) => {
      const summary = summariseArm([1, value]);
      expect(summary).toMatchObject({ status: "invalid_input", n: null, mean: null });
      expect(summary.problem).toContain("Value 2");
    },
  );
});
