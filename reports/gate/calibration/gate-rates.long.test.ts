import { describe, expect, it } from "vitest";

import { readOracle } from "../../statistics/test-support/compare.ts";
import { gateRates } from "./gate-rates.ts";

interface Rates {
  readonly by12: number;
  readonly by40: number;
  readonly by80: number;
}

interface Oracle {
  readonly gate: {
    readonly reps: number;
    readonly results: readonly {
      readonly trueRatio: number;
      readonly sdDiff: number;
      readonly literal: Rates;
      readonly standard: Rates;
    }[];
  };
}

const { gate }: Oracle = readOracle("13-calibration.json");
const cells = gate.results.filter(({ sdDiff, trueRatio }) => sdDiff === 0.3 && trueRatio >= 2);

/** Four standard errors of both simulations, and a little for rates near 0 and 1. */
function allowedDifference(rate: number, reps: number): number {
  const variance = rate * (1 - rate);
  return 4 * Math.sqrt(variance / gate.reps + variance / reps) + 5 / reps;
}

describe("the rates at which the gate expands", () => {
  it.each(cells)("agree with R at a true ratio of $trueRatio", (reference) => {
    const { trueRatio, sdDiff } = reference;
    const reps = 1000;
    const own = gateRates(
      { trueRatio, sdDiff, maxPairs: 80, lookEvery: 2 },
      { rootSeed: "42", reps },
    );
    for (const policy of ["literal", "standard"] as const) {
      const mine = own[policy];
      const theirs = reference[policy];
      expect(Math.abs(mine.by12.rate - theirs.by12)).toBeLessThanOrEqual(
        allowedDifference(theirs.by12, reps),
      );
      expect(Math.abs(mine.by40.rate - theirs.by40)).toBeLessThanOrEqual(
        allowedDifference(theirs.by40, reps),
      );
      expect(Math.abs(mine.byEnd.rate - theirs.by80)).toBeLessThanOrEqual(
        allowedDifference(theirs.by80, reps),
      );
    }
  });

  it("stay at or below 5 % under a true ratio of 2 with a look after every pair", () => {
    const cell = { trueRatio: 2, sdDiff: 0.3, maxPairs: 60, lookEvery: 1 };
    const { standard, literal } = gateRates(cell, { rootSeed: "42", reps: 2000 });
    expect(standard.byEnd.rate).toBeLessThanOrEqual(0.05);
    expect(literal.byEnd.rate).toBeGreaterThan(0.5);
    expect(standard.medianPairs).toBe(Infinity);
  });
});
