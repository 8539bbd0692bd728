import { describe, expect, it } from "vitest";

import { fitMean, fitPeriodAdjusted, fitPrefixes } from "./period-adjusted-fit.ts";

describe("the fit of effect and period", () => {
  it("has no spread and no errors with one feature in each sequence", () => {
    expect(fitPeriodAdjusted([1, 3], [1, -1])).toEqual({
      n: 2,
      estimate: 2,
      period: -1,
      periodSe: null,
      df: 0,
      nEff: 2,
      sd: null,
      se: null,
      residuals: [0, 0],
    });
  });

  it("has the errors of both coefficients, by hand", () => {
    // Means of 2 (AB) and 5 (BA); residuals −1, 1 and 0; s² = 2 on one degree of freedom.
    const fit = fitPeriodAdjusted([1, 3, 5], [1, 1, -1]);
    expect(fit).toMatchObject({ n: 3, df: 1 });
    expect(fit?.estimate).toBeCloseTo(3.5, 12);
    expect(fit?.period).toBeCloseTo(-1.5, 12);
    // nEff = 3 − 1²/3 = 8/3, and so is Σz² − (Σz)²/n.
    expect(fit?.nEff).toBeCloseTo(8 / 3, 12);
    expect(fit?.sd).toBeCloseTo(Math.SQRT2, 12);
    expect(fit?.se).toBeCloseTo(Math.sqrt(3 / 4), 12);
    expect(fit?.periodSe).toBeCloseTo(Math.sqrt(3 / 4), 12);
  });

  it("cannot tell effect from period if all features have the same mix of sequences", () => {
    // A third of 1 is not a binary fraction: a thousand of them leave rounding in the determinant.
    const d = Array.from({ length: 1000 }, (_, index) => index % 7);
    expect(
      fitPeriodAdjusted(
        d,
        d.map(() => 1 / 3),
      ),
    ).toBeNull();
    expect(
      fitPrefixes(
        d,
        d.map(() => 1 / 3),
      ).at(-1),
    ).toBeNull();
  });

  it("tells them apart in features whose signs nearly cancel", () => {
    const fit = fitPeriodAdjusted([1, 3, 2], [1e-5, -1e-5, 0]);
    expect(fit?.estimate).toBeCloseTo(2, 9);
    expect(fit?.period).toBeCloseTo(-1e5, 3);
  });
});

describe("the fits of prefixes", () => {
  it("are plain means while every feature is balanced in itself", () => {
    const fits = fitPrefixes([1, 3, 8], [0, 0, 0]);
    expect(fits[0]).toBeNull();
    expect(fits[1]).toMatchObject({ estimate: 2, nEff: 2, df: 1 });
    expect(fits[1]?.sd).toBeCloseTo(Math.SQRT2, 12);
    // Mean 4, deviations −3, −1 and 4: s² = 26 / 2.
    expect(fits[2]).toMatchObject({ estimate: 4, nEff: 3, df: 2 });
    expect(fits[2]?.sd).toBeCloseTo(Math.sqrt(13), 12);
  });

  it("take rounding noise for no spread, as the fit of all does", () => {
    const d = [0.3, 0.1 + 0.2, 0.3];
    expect(fitMean(d).sd).toBe(0);
    expect(fitPrefixes(d, [0, 0, 0]).map((fit) => fit?.sd)).toEqual([undefined, 0, 0]);
  });
});
