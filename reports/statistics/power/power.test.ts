import { describe, expect, it } from "vitest";

import { mismatches, readOracle } from "../test-support/compare.ts";
import { gatePower } from "./gate-power.ts";
import {
  designSize,
  detectableEffect,
  powerGreater,
  powerTost,
  sdFromCv,
  sdUpperLimit,
  splitSize,
  type PlannedDesign,
} from "./power.ts";
import { projectPairs, type ProjectionConfig, type ProjectionStart } from "./projection.ts";
import { firstIndex, sampleSizeGreater } from "./sample-size.ts";

interface Oracle {
  readonly tolerance: { readonly powerAbsolute: number };
  readonly greater: readonly {
    readonly design: PlannedDesign;
    readonly nAB: number;
    readonly nBA: number;
    readonly alpha: number;
    readonly logNull: number;
    readonly logAlt: number;
    readonly sd: number;
    readonly expected: unknown;
  }[];
  readonly tost: readonly {
    readonly n: number;
    readonly alpha: number;
    readonly thetaLower: number;
    readonly thetaUpper: number;
    readonly theta0: number;
    readonly cvWithin: number;
    readonly expected: unknown;
  }[];
  readonly sampleSize: readonly {
    readonly design: PlannedDesign;
    readonly alpha: number;
    readonly null: number;
    readonly alt: number;
    readonly sd: number;
    readonly targetPower: number;
    readonly evenOnly: boolean;
    readonly expected: unknown;
  }[];
  readonly sdUcl: readonly {
    readonly sd: number;
    readonly df: number;
    readonly conf: number;
    readonly expected: number;
  }[];
  readonly projection: readonly (ProjectionStart & {
    readonly label: string;
    readonly config: ProjectionConfig;
    readonly expected: unknown;
  })[];
}

const oracle: Oracle = readOracle("08-power.json");
const absolute = { absolute: oracle.tolerance.powerAbsolute, relative: 1e-9 };

describe("power", () => {
  it.each(oracle.greater)("of a one-sided test agrees with R ($design $nAB+$nBA)", (planned) => {
    const { design, nAB, nBA, alpha, logNull, logAlt, sd, expected } = planned;
    const size = design === "crossover" ? splitSize(nAB, nBA) : designSize("paired", nAB + nBA);
    const delta = logAlt - logNull;
    const power = powerGreater({ ...size, delta, sd, alpha });
    const ncp = (delta * Math.sqrt(size.nEff)) / sd;
    expect(mismatches({ ...size, ncp, power }, expected, absolute)).toEqual([]);
  });

  it.each(oracle.tost)("of an equivalence test agrees with R (n $n, cv $cvWithin)", (planned) => {
    const { n, alpha, thetaLower, thetaUpper, theta0, cvWithin, expected } = planned;
    const sdDiff = sdFromCv(cvWithin);
    const size = designSize("crossover", n);
    const power = powerTost({
      ...size,
      theta: Math.log(theta0),
      lower: Math.log(thetaLower),
      upper: Math.log(thetaUpper),
      sd: sdDiff,
      alpha,
    });
    expect(mismatches({ ...size, sdDiff, power }, expected, absolute)).toEqual([]);
  });

  it.each(oracle.sampleSize)("finds the sample size as R does (%#)", (planned) => {
    const { null: tested, alt, expected, ...search } = planned;
    const delta = Math.log(alt) - Math.log(tested);
    expect(mismatches(sampleSizeGreater({ ...search, delta }), expected, absolute)).toEqual([]);
  });

  it.each(oracle.sdUcl)("bounds a standard deviation on $df df", ({ sd, df, conf, expected }) => {
    expect(mismatches({ limit: sdUpperLimit({ sd, df }, conf) }, { limit: expected })).toEqual([]);
  });

  it.each(oracle.projection)(
    "projects pairs as R does: $label",
    ({ config, expected, ...start }) => {
      expect(mismatches(projectPairs(start, config), expected)).toEqual([]);
    },
  );

  it("is not available without degrees of freedom and certain without variance", () => {
    const design = { nEff: 2, alpha: 0.05 };
    expect(powerGreater({ ...design, delta: 1, sd: 1, df: 0 })).toBeNull();
    expect(powerGreater({ ...design, delta: 1, sd: 0, df: 2 })).toBe(1);
    expect(powerGreater({ ...design, delta: 0, sd: 0, df: 2 })).toBe(0);
  });

  it("of the gate is the smaller of cost and quality, and lower at the upper limit of the spread", () => {
    const cost = { sd: 0.6, nEff: 12, df: 10 };
    const quality = { sd: 0.1, nEff: 12, df: 10 };
    const { power, powerCost, powerQuality, powerConservative } = gatePower({
      cost,
      quality,
      meanQualityA: 0.9,
    });
    expect(power).toBe(Math.min(powerCost ?? 0, powerQuality ?? 0));
    expect(powerConservative).toBeLessThan(power ?? 0);
    expect(gatePower({ cost, quality: null, meanQualityA: null })).toMatchObject({
      power: null,
      powerQuality: null,
    });
  });
});

describe("the search for the first index", () => {
  it.each([0, 1, 2, 7, 50, 99, 100])("finds %i", (target) => {
    expect(firstIndex(100, (index) => index >= target)).toBe(target);
  });

  it("finds none if the condition never holds", () => {
    expect(firstIndex(100, () => false)).toBeNull();
  });
});

describe("the effect that a test finds", () => {
  it.each([
    { sd: 0.3, nEff: 8, df: 6, alpha: 0.05, power: 0.8 },
    { sd: 1.7, nEff: 1.5, df: 1, alpha: 0.025, power: 0.8 },
    { sd: 0.2, nEff: 400, df: 398, alpha: 0.01, power: 0.95 },
    { sd: 1, nEff: 1, df: 6, alpha: 0.8, power: 0.9 },
  ])("has the power that was asked for: $power with $df degrees of freedom", (planned) => {
    const { power, ...plan } = planned;
    const delta = detectableEffect(plan, power) ?? Number.NaN;
    expect(powerGreater({ ...plan, delta })).toBeCloseTo(power, 12);
  });

  it("is unknown without degrees of freedom", () => {
    expect(detectableEffect({ sd: 0.3, nEff: 1, df: 0, alpha: 0.05 }, 0.8)).toBeNull();
  });
});
