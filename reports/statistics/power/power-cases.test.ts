import { describe, expect, it } from "vitest";

import { gatePower } from "./gate-power.ts";
import { powerTost, sdFromCv } from "./power.ts";
import { DEFAULT_PROJECTION, projectPairs } from "./projection.ts";
import { sampleSizeGreater, sampleSizeTost } from "./sample-size.ts";

// Powers come from scipy 1.17.1: `stats.nct`, `stats.chi2`, and `integrate.quad` for equivalence.

describe("the power of the gate", () => {
  const cost = { sd: 0.6, nEff: 12, df: 10 };
  const quality = { sd: 0.15, nEff: 12, df: 10 };

  it("is that of the non-central t distribution at the gate's own margins", () => {
    const found = gatePower({ cost, quality, meanQualityA: 0.9 });
    expect(found.powerCost).toBeCloseTo(0.9806667497946606, 9);
    expect(found.powerQuality).toBeCloseTo(0.9864625889265226, 9);
    expect(found.power).toBe(found.powerCost);
    expect(found.powerConservative).toBeCloseTo(0.8994035900015921, 9);
  });

  it("follows the target, the share of quality and the level", () => {
    const given = { cost, quality: { ...quality, sd: 0.3 }, meanQualityA: 0.9 };
    const found = gatePower({ ...given, costTarget: 3, rho: 0.7, alpha: 0.01 });
    expect(found.powerCost).toBeCloseTo(0.9989225355882125, 9);
    expect(found.powerQuality).toBeCloseTo(0.642506629761736, 9);
    expect(found.powerConservative).toBeCloseTo(0.41929597495664167, 9);
  });

  it("is not known without one of its parts", () => {
    expect(gatePower({ cost, quality, meanQualityA: null })).toMatchObject({
      power: null,
      powerQuality: null,
      powerConservative: null,
    });
    expect(gatePower({ cost: null, quality, meanQualityA: 0.9 })).toMatchObject({
      power: null,
      powerCost: null,
    });
    const two = { sd: 0.3, nEff: 2, df: 0 };
    expect(gatePower({ cost: two, quality, meanQualityA: 0.9 })).toMatchObject({
      power: null,
      powerConservative: null,
    });
  });

  it("at the upper limit of the spread is lower from one degree of freedom on", () => {
    const three = { sd: 0.3, nEff: 8 / 3, df: 1 };
    const found = gatePower({ cost: three, quality, meanQualityA: 0.9 });
    expect(found.power).toBeCloseTo(0.44496570477555686, 9);
    expect(found.powerConservative).toBeLessThan(0.2);
  });
});

describe("the power of an equivalence test", () => {
  const limits = { lower: Math.log(0.8), upper: Math.log(1.25) };

  it("exists from one degree of freedom on", () => {
    const three = { ...limits, theta: 0, sd: 0.05, nEff: 8 / 3, alpha: 0.05 };
    expect(powerTost({ ...three, df: 1 })).toBeCloseTo(0.6938120225755231, 9);
    expect(powerTost({ ...three, df: 0 })).toBeNull();
  });

  it.each([
    [0, 1],
    [Math.log(1.25), 0],
    [Math.log(0.8), 0],
    [Math.log(1.3), 0],
    [Math.log(0.7), 0],
  ])("without variance is certain: at %d it is %i", (theta, power) => {
    const flat = { ...limits, theta, sd: 0, nEff: 4, df: 2, alpha: 0.05 };
    expect(powerTost(flat)).toBe(power);
  });

  it("gives the sample size that PowerTOST prints for a CV of 0.3 and a ratio of 0.95", () => {
    const search = { ...limits, sd: sdFromCv(0.3), alpha: 0.05, targetPower: 0.8 };
    const even = sampleSizeTost({ ...search, theta: Math.log(0.95), evenOnly: true });
    expect(even.n).toBe(40);
    expect(even.power).toBeCloseTo(0.8158452802731233, 9);
    expect(sampleSizeTost({ ...search, theta: Math.log(0.95), evenOnly: false }).n).toBe(39);
    expect(sampleSizeTost({ ...search, theta: limits.upper, evenOnly: true })).toEqual({
      n: null,
      power: null,
    });
  });

  it("finds no sample size for an effect of 0", () => {
    const search = { design: "paired", delta: 0, sd: 1, alpha: 0.05, targetPower: 0.8 } as const;
    expect(sampleSizeGreater({ ...search, evenOnly: false })).toEqual({ n: null, power: null });
  });

  it("finds the smallest sample size for certainty, if values do not vary", () => {
    const search = { design: "paired", delta: 0.1, sd: 0, alpha: 0.05, targetPower: 1 } as const;
    expect(sampleSizeGreater({ ...search, evenOnly: false })).toEqual({ n: 3, power: 1 });
    expect(sampleSizeGreater({ ...search, evenOnly: true })).toEqual({ n: 4, power: 1 });
  });

  it.each([false, true])("finds no sample size above 5,000; even ones alone: %s", (evenOnly) => {
    // By the normal distribution n is about (1.64485 + 0.84162)² / delta² = 6.1826 / delta².
    const search = { design: "paired", sd: 1, alpha: 0.05, targetPower: 0.8, evenOnly } as const;
    expect(sampleSizeGreater({ ...search, delta: 0.035169 }).n).toBe(5000);
    expect(sampleSizeGreater({ ...search, delta: 0.035168 }).n).toBeNull();
  });
});

describe("pairs that are still missing", () => {
  it.each([
    { case: "the least number of pairs", nAB: 2, nBA: 2, change: { minPairs: 10 }, extra: 6 },
    { case: "exactly that number", nAB: 5, nBA: 5, change: { minPairs: 10 }, extra: 0 },
    {
      case: "the last one that is tried",
      nAB: 2,
      nBA: 2,
      change: { minPairs: 10, maxExtra: 6 },
      extra: 6,
    },
    { case: "one too many", nAB: 2, nBA: 2, change: { minPairs: 10, maxExtra: 5 }, extra: null },
    { case: "a pair of the other order", nAB: 3, nBA: 0, change: {}, extra: 1 },
    { case: "a pair of the first order", nAB: 0, nBA: 3, change: {}, extra: 1 },
    { case: "three pairs at least", nAB: 1, nBA: 1, change: { minPairs: 1 }, extra: 1 },
    { case: "both orders of three", nAB: 0, nBA: 2, change: { minPairs: 1 }, extra: 1 },
  ])("up to $case: $extra", ({ nAB, nBA, change, extra }) => {
    const config = { ...DEFAULT_PROJECTION, ...change };
    const { extraForMinPairs } = projectPairs({ tau: 1, sdDiff: 0.3, nAB, nBA }, config);
    expect(extraForMinPairs).toBe(extra);
  });

  it("of no spread meets limits that nothing else meets: a width of 0 and a power of 1", () => {
    const config = { ...DEFAULT_PROJECTION, ciWidthMax: 0, powerMin: 1 };
    expect(projectPairs({ tau: 1, sdDiff: 0, nAB: 2, nBA: 2 }, config)).toMatchObject({
      extraForCiWidth: 0,
      extraForPower: 0,
    });
  });
});
