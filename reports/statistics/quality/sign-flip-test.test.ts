import { describe, expect, it } from "vitest";

import { contrastsOf } from "../core/contrast.ts";
import { openStream } from "../randomisation/stream.ts";
import { analyseQuality } from "./analyse-quality.ts";
import { signFlipTest } from "./sign-flip-test.ts";

/** Values that are 0 but for ones at these places. */
function onesAt(count: number, places: readonly number[]): readonly number[] {
  return Array.from({ length: count }, (_, index) => (places.includes(index) ? 1 : 0));
}

function openFlips() {
  return openStream("42", "permutation|quality");
}

describe("random sign flips", () => {
  it("toss a fair coin for each of more than 32 values", () => {
    const shares = Array.from(
      { length: 40 },
      (_, place) => signFlipTest(onesAt(40, [place]), openStream("test", "fair")).pGreater,
    );
    // Half of 20,000 patterns, within five standard errors of 0.0035.
    expect(shares.filter((share) => Math.abs(share - 0.5) > 0.018)).toEqual([]);
  });

  it.each([
    [0, 1],
    [0, 7],
    [7, 8],
    [0, 8],
    [8, 16],
    [16, 24],
    [23, 31],
    [31, 32],
    [0, 32],
    [7, 39],
    [8, 20],
    [2, 24],
  ])("toss different coins for values %i and %i", (first, second) => {
    const { pGreater, pTwoSided } = signFlipTest(
      onesAt(40, [first, second]),
      openStream("test", "apart"),
    );
    // Both signs are + in a quarter of the patterns, and equal in half of them.
    expect(Math.abs(pGreater - 0.25)).toBeLessThan(0.016);
    expect(Math.abs(pTwoSided - 0.5)).toBeLessThan(0.018);
  });

  it("of an analysis come from a stream of its own for each test", () => {
    const a = Array.from({ length: 21 }, (_, index) => ((7 * index) % 11) / 10);
    const b = Array.from({ length: 21 }, (_, index) => ((5 * index) % 11) / 10);
    const { contrastSignFlip, dropSignFlip } = analyseQuality({ a, b, rootSeed: "42" });
    expect(contrastSignFlip).toEqual(signFlipTest(contrastsOf({ a, b }, 0.8), openFlips()));
    expect(dropSignFlip).toEqual(signFlipTest(contrastsOf({ a, b }, 1), openFlips()));
    expect(contrastSignFlip).toMatchObject({ n: 21, minAttainableP: 1 / 20_000 });
  });
});

describe("the random numbers of sign flips", () => {
  it.each([
    [21, 1],
    [32, 1],
    [33, 2],
    [64, 2],
    [65, 3],
  ])("are, for %i values, %i for each pattern", (count, draws) => {
    // The same seed has to give the same p-value in every version, so the number is fixed: one for
    // 32 signs, and all patterns but the observed one are drawn.
    const drawn = { count: 0 };
    signFlipTest(onesAt(count, [0]), () => {
      drawn.count += 1;
      return 0.5;
    });
    expect(drawn.count).toBe(19_999 * draws);
  });

  it.each([0, 7, 8, 16, 23, 24, 31])(
    "give value %i a plus if its bit is set, and only then",
    (place) => {
      // The bit of this value alone is set in every random number.
      const bit = () => 2 ** place / 2 ** 32;
      const pOf = (values: readonly number[]) => signFlipTest(values, bit).pGreater;
      expect(pOf(onesAt(32, [place]))).toBe(1);
      // Any other value always has a minus: no pattern but the observed one reaches its sum.
      expect(pOf(onesAt(32, [(place + 1) % 32]))).toBe(1 / 20_000);
      expect(pOf(onesAt(32, [(place + 8) % 32]))).toBe(1 / 20_000);
    },
  );
});

describe("exact sign flips", () => {
  it("count ties in, and go up to 20 values", () => {
    // 1 + 1 ≥ 2 in one of four patterns; |±1 ± 1| ≥ 2 in two.
    expect(signFlipTest([1, 1], openStream("test", "unused"))).toEqual({
      n: 2,
      statistic: 2,
      pGreater: 0.25,
      pLess: 1,
      pTwoSided: 0.5,
      minAttainableP: 0.25,
    });
    // Sums that differ by rounding alone are equal: −0.1 − 0.2 + 0.3 is 0.
    const { pGreater, pLess } = signFlipTest([0.1, 0.2, -0.3], openStream("test", "unused"));
    // Five of the eight sums ±0.1 ± 0.2 ± 0.3 are at least 0, and five at most 0.
    expect([pGreater, pLess]).toEqual([5 / 8, 5 / 8]);
    // Here rounding is 1.9e-9, so the slack has to grow with the values.
    const large = signFlipTest(
      [0.1, 0.2, -0.3].map((value) => (value * 1e9) / 7),
      openStream("test", "unused"),
    );
    expect([large.pGreater, large.pLess]).toEqual([5 / 8, 5 / 8]);
    const twenty = signFlipTest(Array<number>(20).fill(1), openStream("test", "unused"));
    expect(twenty.pGreater).toBe(2 ** -20);
  });
});

describe("scores that do not match", () => {
  it.each([
    [{ a: [1], b: [1, 1] }, "got 1, 2 and none."],
    [{ a: [1, 1], b: [1, 1], z: [1] }, "got 2, 2 and 1."],
  ])("of %o are refused", (scores, end) => {
    const { status, problem, n } = analyseQuality({ ...scores, rootSeed: "42" });
    expect({ status, n }).toEqual({ status: "invalid_input", n: null });
    expect(problem).toBe(`Expected as many scores of A as of B and signs, ${end}`);
  });
});
