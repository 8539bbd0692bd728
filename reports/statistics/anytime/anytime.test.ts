import { describe, expect, it } from "vitest";

import { sequenceSign, type Sequence } from "../core/sequence.ts";
import { USUAL, mismatches, readOracle } from "../test-support/compare.ts";
import { checkAllocation } from "./allocation-check.ts";
import { costEProcess } from "./cost-e-process.ts";

interface Oracle {
  readonly tolerance: { readonly logEAbsolute: number; readonly rootAbsolute: number };
  readonly tMixture: readonly {
    readonly label: string;
    readonly d: readonly number[];
    readonly sequence: readonly Sequence[];
    readonly null: number;
    readonly g: number;
    readonly alpha: number;
    readonly expected: unknown;
  }[];
  readonly srm: readonly {
    readonly counts: readonly number[];
    readonly probs: readonly number[];
    readonly expected: unknown;
  }[];
}

const { tMixture, srm, tolerance }: Oracle = readOracle("09-anytime.json");
const {
  eProcessFewPairs,
}: { readonly eProcessFewPairs: readonly { readonly n: number; readonly logE: number }[] } =
  readOracle("12-edge-cases.json");

function toleranceAt(path: string) {
  if (/logE/iu.test(path)) return { absolute: tolerance.logEAbsolute, relative: 0 };
  if (/oneSided/iu.test(path)) return { absolute: tolerance.rootAbsolute, relative: 0 };
  return USUAL;
}

describe("the cost e-process", () => {
  it.each(tMixture)("agrees with R after every pair: $label", (oracleCase) => {
    const { d, sequence, g, alpha, expected } = oracleCase;
    const z = sequence.map((order) => sequenceSign(order));
    const result = costEProcess({ d, z, g, alpha, null: oracleCase.null });
    expect(mismatches(result, expected, toleranceAt)).toEqual([]);
  });

  it.each(eProcessFewPairs)("has no evidence at $n pairs", ({ n, logE }) => {
    const d = [1, 2].slice(0, n);
    const result = costEProcess({ d, z: [1, -1].slice(0, n), null: 2 });
    expect(result.logEGreater).toEqual(d.map(() => logE));
    expect(result.final).toBeNull();
    expect(result.pAnytime).toBe(1);
  });

  it("stays finite for overwhelming evidence", () => {
    const d = Array.from({ length: 400 }, (_, index) => 50 + (index % 7) * 1e-6);
    const z = d.map((_, index) => (index % 2 === 0 ? 1 : -1));
    const result = costEProcess({ d, z, null: 2 });
    expect(result.logEGreater.at(-1)).toBeGreaterThan(1000);
    expect(Number.isFinite(result.logELess.at(-1))).toBe(true);
  });

  it("gives 31.9 for seven unanimous signs and 18.1 for six", () => {
    const d = Array<number>(7).fill(3);
    const { signLogE } = costEProcess({ d, z: d.map(() => 1), null: 2 });
    expect(Math.exp(signLogE.at(-1) ?? 0)).toBeCloseTo(31.875, 9);
    expect(Math.exp(signLogE.at(-2) ?? 0)).toBeCloseTo(127 / 7, 9);
  });
});

describe("the allocation check", () => {
  it.each(srm)("agrees with R for $counts", ({ counts, probs, expected }) => {
    expect(mismatches(checkAllocation({ counts, probs }), expected, toleranceAt)).toEqual([]);
  });

  it("has nothing against no pairs at all", () => {
    expect(checkAllocation({ counts: [0, 0], probs: [0.5, 0.5] })).toMatchObject({
      pBinomialExact: 1,
      logE: 0,
    });
  });
});
