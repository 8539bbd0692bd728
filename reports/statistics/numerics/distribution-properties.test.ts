import * as fc from "fast-check";
import jstat from "jstat";
import { describe, expect, it } from "vitest";

import { betaQuantile, betaReg } from "./beta.ts";
import { chisqQuantile, chisqSf, chisqUpperQuantile } from "./chi-square.ts";
import { StatisticsDomainError } from "./domain-error.ts";
import { lgamma } from "./log-gamma.ts";
import { nctCdf, nctSf, nctSfSlope } from "./noncentral-t.ts";
import { logNormSf, normCdf, normQuantile, normSf } from "./normal.ts";
import { logTCdf, tCdf, tPdf, tQuantile, tSf } from "./student-t.ts";

// The same draws on every run.
fc.configureGlobal({ seed: 42 });

const probability = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
const freedom = fc.double({ min: 0.5, max: 1000, noNaN: true });
const shape = fc.double({ min: 1, max: 300, noNaN: true });
const place = fc.double({ min: -50, max: 50, noNaN: true });

/** How far two numbers are apart, in units of what is allowed: up to 1 they agree. */
function distance(actual: number, expected: number, relative: number): number {
  if (actual === expected) return 0;
  return Math.abs(actual - expected) / (relative * Math.abs(expected) + 1e-13);
}

describe("quantiles undo distribution functions", () => {
  it("for t", () => {
    fc.assert(
      fc.property(probability, freedom, (p, df) => {
        expect(distance(tCdf(tQuantile(p, df), df), p, 1e-10)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("for the normal", () => {
    fc.assert(
      fc.property(probability, (p) => {
        expect(distance(normCdf(normQuantile(p)), p, 1e-10)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("for beta", () => {
    fc.assert(
      fc.property(probability, shape, shape, (p, a, b) => {
        expect(distance(betaReg(betaQuantile(p, a, b), a, b).lower, p, 1e-8)).toBeLessThanOrEqual(
          1,
        );
      }),
    );
  });

  it("for chi-square, from both ends", () => {
    fc.assert(
      fc.property(probability, freedom, (p, df) => {
        expect(distance(1 - chisqSf(chisqQuantile(p, df), df), p, 1e-8)).toBeLessThanOrEqual(1);
        expect(distance(chisqSf(chisqUpperQuantile(p, df), df), p, 1e-8)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("tails", () => {
  it("are symmetric for t and add up to 1", () => {
    fc.assert(
      fc.property(place, freedom, (x, df) => {
        expect(tCdf(-x, df)).toBe(tSf(x, df));
        expect(distance(tCdf(x, df) + tSf(x, df), 1, 1e-13)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("of beta swap when its shapes and ends do", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 64 }), shape, shape, (sixtyFourths, a, b) => {
        const x = sixtyFourths / 64;
        const direct = betaReg(x, a, b);
        const mirrored = betaReg(1 - x, b, a);
        expect(distance(direct.lower, mirrored.upper, 1e-10)).toBeLessThanOrEqual(1);
        expect(direct.lower).toBeGreaterThanOrEqual(0);
        expect(direct.lower).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("never rise for t as x grows", () => {
    fc.assert(
      fc.property(place, place, freedom, (first, second, df) => {
        const rise = tSf(Math.max(first, second), df) - tSf(Math.min(first, second), df);
        expect(rise).toBeLessThanOrEqual(1e-15);
      }),
    );
  });

  it("of the non-central t add up to 1 and fall as the effect grows", () => {
    const effect = fc.double({ min: -4, max: 8, noNaN: true });
    fc.assert(
      fc.property(effect, fc.integer({ min: 1, max: 60 }), effect, (t, df, ncp) => {
        expect(distance(nctCdf(t, df, ncp) + nctSf(t, df, ncp), 1, 1e-10)).toBeLessThanOrEqual(1);
        expect(nctCdf(t, df, ncp + 0.5)).toBeLessThanOrEqual(nctCdf(t, df, ncp) + 1e-12);
      }),
      { numRuns: 20 },
    );
  });

  it("of the non-central t grow with the effect by the slope", () => {
    const effect = fc.double({ min: -4, max: 8, noNaN: true });
    const step = 1e-4;
    fc.assert(
      fc.property(effect, fc.integer({ min: 1, max: 60 }), effect, (t, df, ncp) => {
        const rise = nctSf(t, df, ncp + step) - nctSf(t, df, ncp - step);
        expect(rise / (2 * step)).toBeCloseTo(nctSfSlope(t, df, ncp), 7);
      }),
      { numRuns: 20 },
    );
  });

  it("keep their logarithms where they underflow", () => {
    expect(normSf(60)).toBe(0);
    // The leading terms of Mills' ratio.
    const expected =
      -1800 - 0.5 * Math.log(2 * Math.PI) - Math.log(60) + Math.log1p(-1 / 3600 + 3 / 3600 ** 2);
    expect(distance(logNormSf(60), expected, 1e-9)).toBeLessThanOrEqual(1);
    expect(tCdf(-1e5, 200)).toBe(0);
    expect(logTCdf(-1e5, 200)).toBeLessThan(-1000);
    expect(Number.isFinite(logTCdf(-1e300, 200))).toBe(true);
  });
});

describe("ends of the scale", () => {
  it.each([
    ["t at infinity", tCdf(Infinity, 3), 1],
    ["t at minus infinity", tCdf(-Infinity, 3), 0],
    ["t far out", tSf(1e200, 1) * 1e200 * Math.PI, 1],
    ["t density at infinity", tPdf(Infinity, 3), 0],
    ["t density far out", tPdf(1e300, 2), 0],
    ["normal at infinity", normSf(Infinity), 0],
    ["normal at minus infinity", normSf(-Infinity), 1],
    ["normal quantile of 0", normQuantile(0), -Infinity],
    ["t quantile of 1", tQuantile(1, 3), Infinity],
    ["beta quantile of 1", betaQuantile(1, 2, 3), 1],
    ["chi-square quantile of 1", chisqQuantile(1, 2), Infinity],
    ["lgamma of infinity", lgamma(Infinity), Infinity],
    ["beta at 0", betaReg(0, 2, 3).lower, 0],
    ["beta at 1", betaReg(1, 2, 3).upper, 0],
  ])("%s", (_, actual, expected) => {
    expect(distance(actual, expected, 1e-9)).toBeLessThanOrEqual(1);
  });

  it.each([
    ["a probability above 1", () => tQuantile(1.5, 3)],
    ["a probability of NaN", () => normQuantile(Number.NaN)],
    ["degrees of freedom of 0", () => tCdf(1, 0)],
    ["a t value of NaN", () => tSf(Number.NaN, 3)],
    ["a negative shape", () => betaReg(0.5, -1, 2)],
    ["an x above 1", () => betaReg(1.1, 1, 2)],
    ["lgamma of 0", () => lgamma(0)],
    ["an infinite non-centrality", () => nctCdf(1, 3, Infinity)],
    ["a chi-square value of NaN", () => chisqSf(Number.NaN, 3)],
  ])("refuse %s", (_, call) => {
    expect(call).toThrow(StatisticsDomainError);
  });
});

describe("jstat agrees with us in its accurate range", () => {
  const moderate = fc.double({ min: -8, max: 8, noNaN: true });
  const df = fc.integer({ min: 2, max: 1000 });

  it("on t, beta, chi-square and the normal to 1e-6", () => {
    fc.assert(
      fc.property(moderate, df, probability, (x, nu, p) => {
        expect(Math.abs(tCdf(x, nu) - jstat.studentt.cdf(x, nu))).toBeLessThan(1e-6);
        expect(Math.abs(tPdf(x, nu) - jstat.studentt.pdf(x, nu))).toBeLessThan(1e-6);
        expect(
          Math.abs(betaReg(p, 2.5, nu / 4).lower - jstat.beta.cdf(p, 2.5, nu / 4)),
        ).toBeLessThan(1e-6);
        expect(Math.abs(1 - chisqSf(x * x, nu) - jstat.chisquare.cdf(x * x, nu))).toBeLessThan(
          1e-6,
        );
        expect(Math.abs(normCdf(x) - jstat.normal.cdf(x, 0, 1))).toBeLessThan(1e-6);
      }),
    );
  });
});
