import { describe, expect, it } from "vitest";

import { analyseQuality, type Quality } from "../statistics/quality/analyse-quality.ts";
import { DEFAULT_GATES } from "./gate-file.ts";
import { judgeQuality } from "./judge-criteria.ts";

const scores = Array.from({ length: 6 }, (_, index) => 0.5 + index / 20);
const base = analyseQuality({ a: scores, b: scores.toReversed(), rootSeed: "42" });

interface Said {
  readonly ratio?: number | null;
  readonly n?: number;
  readonly dropTestable?: boolean;
  /** p-values of the t test and of the sign flips. */
  readonly kept?: readonly [number, number];
  readonly lost?: readonly [number, number];
  readonly drop?: readonly [number, number] | null;
}

/** An analysis that says exactly this. */
function qualityOf({ kept = [0.5, 0.5], lost = [0.5, 0.5], drop = [0.5, 0.5], ...said }: Said) {
  const { contrastT, contrastSignFlip, dropT, dropSignFlip } = base;
  if (contrastT === null || contrastSignFlip === null) throw new Error("There is no contrast.");
  if (dropT === null || dropSignFlip === null) throw new Error("There is no drop.");
  return {
    ...base,
    ...said,
    contrastT: { ...contrastT, pGreater: kept[0], pLess: lost[0] },
    contrastSignFlip: { ...contrastSignFlip, pGreater: kept[1], pLess: lost[1] },
    dropT: drop && { ...dropT, pLess: drop[0] },
    dropSignFlip: drop && { ...dropSignFlip, pLess: drop[1] },
  } satisfies Quality;
}

describe("quality at a fixed number of pairs", () => {
  it.each([
    { kept: [0.04, 0.04], fixed: "confirmed" },
    { kept: [0.05, 0.05], fixed: "confirmed" },
    { kept: [0.05 + 1e-13, 0.04], fixed: "confirmed" },
    { kept: [0.04, 0.051], fixed: "inconclusive" },
    { kept: [0.051, 0.04], fixed: "inconclusive" },
    { lost: [0.04, 0.04], fixed: "contradicted" },
    { lost: [0.04, 0.051], fixed: "inconclusive" },
    { lost: [0.051, 0.04], fixed: "inconclusive" },
  ] as const)("needs both tests: $kept $lost is $fixed", ({ fixed, ...said }) => {
    expect(judgeQuality(qualityOf(said), DEFAULT_GATES).fixed).toBe(fixed);
  });

  it("reads the tests that are adjusted for period, if there are any", () => {
    const said = qualityOf({ kept: [0.5, 0.04], drop: [0.04, 0.5], ratio: 0.5 });
    const adjusted = {
      ...said,
      contrastTPeriodAdjusted: { ...said.contrastT, pGreater: 0.04 },
      dropTPeriodAdjusted: said.dropT && { ...said.dropT, pLess: 0.5 },
    };
    expect(judgeQuality(said, DEFAULT_GATES)).toMatchObject({
      point: false,
      fixed: "inconclusive",
    });
    expect(judgeQuality(adjusted, DEFAULT_GATES)).toMatchObject({
      point: true,
      fixed: "confirmed",
    });
  });

  it("is inconclusive if one of the tests is missing", () => {
    const said = qualityOf({ kept: [0.04, 0.04] });
    expect(judgeQuality({ ...said, contrastT: null }, DEFAULT_GATES).fixed).toBe("inconclusive");
    expect(judgeQuality({ ...said, contrastSignFlip: null }, DEFAULT_GATES).fixed).toBe(
      "inconclusive",
    );
  });

  it("takes its level from the gates", () => {
    const gates = { ...DEFAULT_GATES, alpha: 0.1 };
    expect(judgeQuality(qualityOf({ kept: [0.09, 0.09] }), gates).fixed).toBe("confirmed");
  });
});

describe("the literal criterion on quality", () => {
  const low = { ratio: 0.5, n: 6, dropTestable: true };

  it.each([
    { case: "the share itself", said: { ...low, ratio: 0.8, drop: [0.01, 0.01] }, point: true },
    { case: "rounding", said: { ...low, ratio: 0.8 - 1e-13, drop: [0.01, 0.01] }, point: true },
    { case: "less, and a drop", said: { ...low, ratio: 0.799, drop: [0.01, 0.01] }, point: false },
    { case: "no drop by both tests", said: { ...low, drop: [0.051, 0.051] }, point: true },
    { case: "a drop by t", said: { ...low, drop: [0.05, 0.5] }, point: false },
    { case: "a drop by sign flips", said: { ...low, drop: [0.5, 0.05] }, point: false },
    { case: "three features", said: { ...low, n: 3, drop: [0.5, 0.5] }, point: true },
    { case: "two features", said: { ...low, n: 2, drop: [0.5, 0.5] }, point: false },
    { case: "too few to show a drop", said: { ...low, dropTestable: false }, point: false },
    { case: "no test of a drop", said: { ...low, drop: null }, point: false },
    { case: "no ratio", said: { ...low, ratio: null }, point: false },
  ] as const)("with $case: $point", ({ said, point }) => {
    expect(judgeQuality(qualityOf(said), DEFAULT_GATES).point).toBe(point);
  });

  it("is not met if one of the tests of a drop is missing", () => {
    const said = qualityOf({ ...low, drop: [0.5, 0.5] });
    expect(judgeQuality(said, DEFAULT_GATES).point).toBe(true);
    expect(judgeQuality({ ...said, dropT: null }, DEFAULT_GATES).point).toBe(false);
    expect(judgeQuality({ ...said, dropSignFlip: null }, DEFAULT_GATES).point).toBe(false);
  });

  it("takes its share from the gates", () => {
    const said = qualityOf({ ...low, ratio: 0.8, drop: [0.01, 0.01] });
    expect(judgeQuality(said, { ...DEFAULT_GATES, quality_min: 0.9 }).point).toBe(false);
    expect(judgeQuality(said, { ...DEFAULT_GATES, quality_min: 0.7 }).point).toBe(true);
  });
});
