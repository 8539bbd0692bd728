import { describe, expect, it } from "vitest";

import { checkAllocation } from "./allocation-check.ts";
import { logWealth } from "./bounded-mean-bet.ts";
import { costEProcess, signLogE } from "./cost-e-process.ts";
import { tConfidenceSequence, tLowerBound, tMixtureLogE } from "./t-mixture.ts";

const EVIDENCE = { estimate: 1, sd: 0.5, nEff: 8, df: 6 };
const NOTHING = { greater: 0, less: 0, twoSided: 0 };

describe("the t mixture", () => {
  it.each([0, -1, Infinity, Number.NaN])("refuses a prior precision of %s", (g) => {
    expect(() => tMixtureLogE(EVIDENCE, { nullValue: 0, g })).toThrow(
      `Expected a positive prior precision g, got ${g}.`,
    );
  });

  it.each([{ df: 0 }, { nEff: 0 }, { df: 0, nEff: 0 }, { nEff: -1 }])(
    "has no evidence with %o",
    (change) => {
      const evidence = { ...EVIDENCE, ...change };
      expect(tMixtureLogE(evidence, { nullValue: 0, g: 1 })).toEqual(NOTHING);
      expect(tConfidenceSequence(evidence, { alpha: 0.05, g: 1 })).toEqual({
        lower: -Infinity,
        upper: Infinity,
      });
      expect(tLowerBound(evidence, { alpha: 0.05, g: 1 })).toBe(-Infinity);
    },
  );

  it("without variance has the limit of the formula, and none at the null value itself", () => {
    // r = 1/9, so ln M = 3·ln 9, and x = √7·√8; the tail by scipy 1.17.1.
    const flat = { ...EVIDENCE, sd: 0 };
    const { greater, less, twoSided } = tMixtureLogE(flat, { nullValue: 0, g: 1 });
    expect(twoSided).toBeCloseTo(3 * Math.log(9), 10);
    expect(greater).toBeCloseTo(7.284751286877207, 9);
    expect(less).toBeCloseTo(-2.287590829557111, 9);
    expect(tMixtureLogE(flat, { nullValue: 1, g: 1 })).toEqual(NOTHING);
    expect(tMixtureLogE(flat, { nullValue: 1 + 1e-14, g: 1 })).toEqual(NOTHING);
    expect(tLowerBound(flat, { alpha: 0.05, g: 1 })).toBe(1);
    expect(tLowerBound({ ...flat, nEff: 1, df: 1 }, { alpha: 0.05, g: 1 })).toBe(-Infinity);
  });

  it("bounds the effect from one degree of freedom on", () => {
    // K = √1001 / 0.05 and K·r < 1; the one-sided bound by scipy 1.17.1 (`brentq`).
    const one = { ...EVIDENCE, nEff: 1000, df: 1 };
    const { lower, upper } = tConfidenceSequence(one, { alpha: 0.05, g: 1 });
    expect(lower).toBeCloseTo(0.34474773983460905, 9);
    expect(upper).toBeCloseTo(1.655252260165391, 9);
    expect(tLowerBound(one, { alpha: 0.05, g: 1 })).toBeCloseTo(0.6602677551182164, 8);
    // With three pairs no effect is large enough.
    expect(tLowerBound({ ...one, nEff: 8 / 3 }, { alpha: 0.05, g: 1 })).toBe(-Infinity);
  });

  it("does not depend on the scale of the values", () => {
    const small = { ...EVIDENCE, estimate: 1e-13, sd: 0.5e-13 };
    const { greater } = tMixtureLogE(small, { nullValue: 0, g: 1 });
    expect(greater).toBeCloseTo(tMixtureLogE(EVIDENCE, { nullValue: 0, g: 1 }).greater, 9);
  });
});

/** The e-values of one sign against "at most 2" and "at least 2". */
function signEvidence(d: number): readonly string[] {
  const evidence = costEProcess({ d: [d], z: [1], null: 2 });
  return [...evidence.signLogE, ...evidence.signLogELess].map((logE) => Math.exp(logE).toFixed(12));
}

describe("evidence about cost", () => {
  it("is none below three pairs, also of features in both orders", () => {
    const { logEGreater, final } = costEProcess({ d: [5, 5.1], z: [0, 0], null: 1 });
    expect({ logEGreater, final }).toEqual({ logEGreater: [0, 0], final: null });
  });

  it("from signs is exactly none without pairs", () => {
    expect(signLogE({ above: 0, n: 0 })).toBe(0);
  });

  it("from signs counts ties in neither direction", () => {
    // By the beta function, E is 3/2 for a sign in the direction and 1/2 for one against it.
    const [one, half] = [(1.5).toFixed(12), (0.5).toFixed(12)];
    expect(signEvidence(Math.log(3))).toEqual([one, half]);
    expect(signEvidence(0)).toEqual([half, one]);
    expect(signEvidence(Math.log(2))).toEqual([half, half]);
  });

  it("keeps the smallest p-value so far", () => {
    // The evidence grows over the first pairs, and the last ones take it back.
    const d = [3, 3.1, 2.9, 3, 3.1, 2.9, -4, -5];
    const z = d.map((_, index) => (index % 2 === 0 ? 1 : -1));
    const { logEGreater, pAnytime } = costEProcess({ d, z, null: 1 });
    expect(logEGreater.at(-1)).toBeLessThan(1);
    expect(pAnytime).toBeCloseTo(Math.exp(-Math.max(...logEGreater)), 12);
    expect(pAnytime).toBeLessThan(0.05);
  });
});

describe("the check of the allocation", () => {
  it.each([
    [{ counts: [1, 2], probs: [0.5, 0.25, 0.25] }, "as many probabilities as counts, got 3."],
    [{ counts: [1], probs: [1] }, "at least two sequences, got 1."],
  ])("refuses %o", (given, message) => {
    expect(() => checkAllocation(given)).toThrow(`Expected ${message}`);
  });

  it.each([
    // Two degrees of freedom: p = exp(−χ²/2).
    [[5, 5, 5], 0, 1],
    [[9, 6, 6], 6 / 7, Math.exp(-3 / 7)],
    [[4, 4, 4], 0, null],
  ])("of three sequences needs five expected of each: %j", (counts, chisq, p) => {
    const check = checkAllocation({ counts, probs: [1 / 3, 1 / 3, 1 / 3] });
    expect(check.chisq).toBeCloseTo(chisq, 12);
    expect(check.pBinomialExact).toBeNull();
    expect(check.p === null ? null : check.p.toFixed(12)).toBe(p === null ? null : p.toFixed(12));
  });

  it("needs five expected of every sequence", () => {
    expect(checkAllocation({ counts: [20, 20, 2], probs: [0.48, 0.48, 0.04] }).p).toBeNull();
  });
});

it("can lose all of a bet that stakes everything", () => {
  expect(logWealth([-0.8], { bound: 0.8, grid: 1 })).toBe(-Infinity);
});
