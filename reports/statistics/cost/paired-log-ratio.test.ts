import { describe, expect, it } from "vitest";

import { mismatches, readOracle } from "../test-support/compare.ts";
import { analysePairedLogRatio } from "./paired-log-ratio.ts";

interface Oracle {
  readonly cases: readonly {
    readonly label: string;
    readonly a: readonly number[];
    readonly b: readonly number[];
    readonly expected: {
      readonly nullTests: readonly { readonly theta0: number }[];
      readonly tost: readonly { readonly lower: number; readonly upper: number }[];
    };
  }[];
}

const { cases }: Oracle = readOracle("03-paired-log-ratio.json");

describe("the paired log ratio", () => {
  it.each(cases)("agrees with R: $label", ({ a, b, expected }) => {
    const result = analysePairedLogRatio({
      a,
      b,
      nulls: expected.nullTests.map(({ theta0 }) => theta0),
      equivalence: expected.tost.map(({ lower, upper }) => ({ lower, upper })),
    });
    expect(mismatches(result, expected)).toEqual([]);
  });

  it("meets the values that SAS prints for Wellek's data", () => {
    const [wellek] = cases;
    const { gmr, ci90Lower, ci90Upper } = analysePairedLogRatio({
      a: wellek?.a ?? [],
      b: wellek?.b ?? [],
    });
    const printed = [gmr, ci90Lower, ci90Upper].map((value) => value?.toFixed(4));
    expect(printed).toEqual(["0.9412", "0.8634", "1.0260"]);
  });
});
