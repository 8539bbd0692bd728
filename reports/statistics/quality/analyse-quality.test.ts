import { describe, expect, it } from "vitest";

import { sequenceSign, type Sequence } from "../core/sequence.ts";
import { USUAL, mismatches, readOracle } from "../test-support/compare.ts";
import { analyseQuality } from "./analyse-quality.ts";

interface Oracle {
  readonly tolerance: { readonly relative: number; readonly rootAbsolute: number };
  readonly cases: readonly {
    readonly label: string;
    readonly a: readonly number[];
    readonly b: readonly number[];
    readonly sequence: readonly Sequence[] | null;
    readonly rho: number;
    readonly gridK: number;
    readonly alpha: number;
    readonly expected: unknown;
  }[];
}

const { cases, tolerance }: Oracle = readOracle("05-quality.json");

function toleranceAt(path: string) {
  if (/betting\.(ratio|meanCs)/u.test(path))
    return { absolute: tolerance.rootAbsolute, relative: 0 };
  if (path.includes("betting.logE")) return { absolute: 1e-9, relative: 0 };
  return USUAL;
}

describe("the analysis of quality", () => {
  it.each(cases)("agrees with R: $label", ({ sequence, expected, ...input }) => {
    const z = sequence?.map((order) => sequenceSign(order));
    const result = analyseQuality({ ...input, z, rootSeed: "42" });
    expect(mismatches(result, expected, toleranceAt)).toEqual([]);
  });
});
