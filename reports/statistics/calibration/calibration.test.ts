import { describe, expect, it } from "vitest";

import { mismatches, readOracle } from "../oracle/compare.ts";
import { bettingErrors, BOUNDARY_SHAPES, type BoundaryShape } from "./betting-errors.ts";
import { crossoverCoverage } from "./crossover-coverage.ts";
import type { ErrorShape } from "./draw-errors.ts";
import { errorIntervalCoverage, type ErrorRateTruth } from "./error-interval-coverage.ts";
import { latencyCoverage } from "./latency-coverage.ts";
import type { MonteCarloRate } from "./monte-carlo.ts";
import { pairsForWidth } from "./pairs-for-width.ts";
import { sequentialErrors } from "./sequential-errors.ts";
import { lowerQuantile, timeToEvidence } from "./time-to-evidence.ts";

interface Oracle {
  readonly crossoverCoverage: readonly (MonteCarloRate & {
    readonly n: number;
    readonly sd: number;
    readonly period: number;
  })[];
  readonly sequentialTypeI: {
    readonly results: readonly {
      readonly shape: ErrorShape;
      readonly anytimeT: MonteCarloRate;
      readonly signMedian: MonteCarloRate;
      readonly naivePeekingEveryPair: MonteCarloRate;
      readonly singleLookAtN: MonteCarloRate;
    }[];
  };
  readonly timeToEvidence: readonly { readonly delta: number; readonly medianPairs: number }[];
  readonly bettingTypeI: {
    readonly results: readonly (MonteCarloRate & { readonly shape: BoundaryShape })[];
  };
  readonly errorIntervalCoverageExact: readonly (ErrorRateTruth &
    Readonly<Record<string, number>>)[];
  readonly latencyIntervalCoverage: readonly {
    readonly features: number;
    readonly percentile: number;
    readonly perFeatureT: number;
    readonly mcSe: number;
  }[];
  readonly pairsForCiWidth: readonly { readonly sdDiff: number; readonly pairs: number }[];
}

const oracle: Oracle = readOracle("13-calibration.json");

/** How far a simulated rate is from the reference, in units of four standard errors of both. */
function distance(own: MonteCarloRate, reference: Pick<MonteCarloRate, "rate" | "mcSe">): number {
  const variance = (reference.rate * (1 - reference.rate)) / own.reps;
  return Math.abs(own.rate - reference.rate) / (4 * Math.sqrt(reference.mcSe ** 2 + variance));
}

/** The bound with three standard errors of the simulation on top. */
function allowed(bound: number, reps: number): number {
  return bound + 3 * Math.sqrt((bound * (1 - bound)) / reps);
}

function rateFor(rootSeed: string): number {
  return crossoverCoverage({ n: 4, sd: 0.4, period: 0.3 }, { rootSeed, reps: 300 }).rate;
}

describe("calibration", { timeout: 60_000 }, () => {
  it.each(oracle.crossoverCoverage)("covers 95 % in the cross-over of $n pairs", (reference) => {
    const { n, sd, period } = reference;
    const own = crossoverCoverage({ n, sd, period }, { rootSeed: "42", reps: 2000 });
    expect(distance(own, reference)).toBeLessThanOrEqual(1);
  });

  it("holds 5 % at every look of 60 pairs with normal errors, where naive looks do not", () => {
    const cell = { shape: "normal", mean: 0, maxPairs: 60, alpha: 0.05, period: 0.3 } as const;
    const own = sequentialErrors(cell, { rootSeed: "42", reps: 5000 });
    const reference = oracle.sequentialTypeI.results.find(({ shape }) => shape === "normal");
    expect(own.anytimeT.rate).toBeLessThanOrEqual(allowed(0.05, 5000));
    for (const name of [
      "anytimeT",
      "signMedian",
      "naivePeekingEveryPair",
      "singleLookAtN",
    ] as const) {
      expect(distance(own[name], reference?.[name] ?? { rate: 1, mcSe: 0 })).toBeLessThanOrEqual(1);
    }
    expect(own.naiveIntervalEveryPair.rate).toBeCloseTo(0.32, 1);
  });

  it.each(oracle.sequentialTypeI.results.filter(({ shape }) => shape !== "normal"))(
    "documents what $shape errors do",
    (reference) => {
      const cell = { shape: reference.shape, mean: 0, maxPairs: 60, alpha: 0.05, period: 0.3 };
      const own = sequentialErrors(cell, { rootSeed: "42", reps: 500 });
      expect(distance(own.anytimeT, reference.anytimeT)).toBeLessThanOrEqual(1);
      expect(
        distance(own.naivePeekingEveryPair, reference.naivePeekingEveryPair),
      ).toBeLessThanOrEqual(1);
    },
  );

  it.each(BOUNDARY_SHAPES)("holds 5 % for bets on %s quality", (shape) => {
    const own = bettingErrors(shape, { rootSeed: "42", reps: 5000 });
    const reference = oracle.bettingTypeI.results.find((result) => result.shape === shape);
    expect(own.rate).toBeLessThanOrEqual(allowed(0.05, 5000));
    expect(distance(own, reference ?? { rate: 1, mcSe: 0 })).toBeLessThanOrEqual(1);
  });

  it.each(oracle.timeToEvidence)("takes $medianPairs pairs to see $delta sd", (reference) => {
    const { medianPairs } = timeToEvidence(reference.delta, { rootSeed: "42", reps: 500 });
    expect(Math.abs(medianPairs - reference.medianPairs)).toBeLessThanOrEqual(2);
  });

  it.each(oracle.latencyIntervalCoverage)(
    "covers 90 % of latencies with $features features",
    (reference) => {
      const { features, percentile, perFeatureT, mcSe } = reference;
      const own = latencyCoverage({ features, bootstrap: 399 }, { rootSeed: "42", reps: 200 });
      expect(distance(own.percentile, { rate: percentile, mcSe })).toBeLessThanOrEqual(1);
      expect(distance(own.perFeatureT, { rate: perFeatureT, mcSe })).toBeLessThanOrEqual(1);
    },
  );
});

describe("exact calibration", () => {
  it.each(oracle.errorIntervalCoverageExact)(
    "of error intervals at n $n, $pA, $pB",
    (reference) => {
      expect(mismatches(errorIntervalCoverage(reference), reference)).toEqual([]);
    },
  );

  it.each(oracle.pairsForCiWidth)("of the pairs for a width at sd $sdDiff", ({ sdDiff, pairs }) => {
    expect(pairsForWidth(sdDiff, 0.3)).toBe(pairs);
  });
});

describe("simulation", () => {
  it("gives the same rates for the same seed and others for another", () => {
    expect(rateFor("1")).toBe(rateFor("1"));
    expect(new Set(["1", "2", "3", "4"].map(rateFor)).size).toBeGreaterThan(1);
  });

  it("takes a quantile of values that may be infinite", () => {
    expect(lowerQuantile([Infinity, 1, Infinity, 2], 0.5)).toBe(2);
    expect(lowerQuantile([Infinity, 1, Infinity], 0.5)).toBe(Infinity);
    expect(lowerQuantile([], 0.5)).toBe(Infinity);
  });
});
