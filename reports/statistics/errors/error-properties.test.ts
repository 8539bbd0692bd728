import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { compareErrorRates, effectiveCounts } from "./compare-error-rates.ts";
import {
  clopperPearsonInterval,
  scoreInterval,
  scoreZ,
  wilsonInterval,
} from "./share-intervals.ts";

// The same draws on every run.
fc.configureGlobal({ seed: 42 });

const share = fc
  .tuple(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([n, part]) => ({ n, x: Math.round(n * part) }));

describe("intervals for error rates", () => {
  it("contain the estimate and stay in their range", () => {
    fc.assert(
      fc.property(share, share, (a, b) => {
        const { newcombe95, miettinenNurminen90, miettinenNurminen95, diff } = compareErrorRates({
          a,
          b,
        });
        for (const [lower, upper] of [newcombe95, miettinenNurminen90, miettinenNurminen95]) {
          expect(lower).toBeLessThanOrEqual((diff ?? 0) + 1e-12);
          expect(upper).toBeGreaterThanOrEqual((diff ?? 0) - 1e-12);
          expect(Math.abs(lower)).toBeLessThanOrEqual(1 + 1e-12);
          expect(Math.abs(upper)).toBeLessThanOrEqual(1 + 1e-12);
        }
        expect(miettinenNurminen90[0]).toBeGreaterThanOrEqual(miettinenNurminen95[0] - 1e-9);
      }),
    );
  });

  it("turn around when the arms change places", () => {
    fc.assert(
      fc.property(share, share, (a, b) => {
        const [lower, upper] = scoreInterval({ a, b }, 0.9);
        const [mirroredLower, mirroredUpper] = scoreInterval({ a: b, b: a }, 0.9);
        expect(lower + mirroredUpper).toBeCloseTo(0, 7);
        expect(upper + mirroredLower).toBeCloseTo(0, 7);
      }),
    );
  });

  it("are wider when exact", () => {
    fc.assert(
      fc.property(share, (one) => {
        const [wilsonLower, wilsonUpper] = wilsonInterval(one, 0.95);
        const [exactLower, exactUpper] = clopperPearsonInterval(one, 0.95);
        expect(exactUpper - exactLower).toBeGreaterThan(wilsonUpper - wilsonLower - 0.02);
        expect(exactLower).toBeLessThanOrEqual(one.x / one.n);
        expect(exactUpper).toBeGreaterThanOrEqual(one.x / one.n);
      }),
    );
  });

  it("fall in their score as the hypothesised difference grows", () => {
    const delta = fc.double({ min: -0.99, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.tuple(delta, delta), (a, b, deltas) => {
        const [first, second] = deltas;
        const low = scoreZ({ a, b }, Math.min(first, second));
        const high = scoreZ({ a, b }, Math.max(first, second));
        expect(high).toBeLessThanOrEqual(low + 1e-6);
      }),
    );
  });
});

describe("effective counts", () => {
  it("never exceed the real ones and keep the share", () => {
    const cluster = fc
      .tuple(fc.nat(9), fc.nat(40))
      .map(([errors, more]) => ({ errors, requests: errors + more + 1 }));
    fc.assert(
      fc.property(fc.array(cluster, { minLength: 1, maxLength: 12 }), (clusters) => {
        const counts = effectiveCounts(clusters);
        expect(counts?.nEff).toBeLessThanOrEqual((counts?.n ?? 0) + 1e-9);
        expect((counts?.xEff ?? 0) / (counts?.nEff ?? 1)).toBeCloseTo(counts?.p ?? 0, 9);
      }),
    );
  });

  it("are null without requests", () => {
    expect(effectiveCounts([])).toBeNull();
  });
});
