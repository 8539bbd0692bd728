import { describe, expect, it } from "vitest";

import { costEProcess } from "../anytime/cost-e-process.ts";
import { projectPairs } from "../power/projection.ts";
import { mismatches, readOracle } from "../test-support/compare.ts";
import {
  crossoverCoverage,
  errorIntervalCoverage,
  latencyCoverage,
  type ErrorRateTruth,
} from "./coverage.ts";
import { drawPairs, type ErrorShape } from "./draw-pairs.ts";
import { reachedBy, simulate, type MonteCarloRate } from "./monte-carlo.ts";
import {
  BOUNDARY_SHAPES,
  bettingErrors,
  sequentialErrors,
  type BoundaryShape,
} from "./repeated-looks.ts";

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

describe("calibration", () => {
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
    const { delta } = reference;
    const truth = { effect: delta, sd: 1, period: 0.3, shape: "normal" } as const;
    const size = { rootSeed: "42", reps: 500, scenario: `evidence-${delta}` };
    const pairs = simulate(size, (rng) => {
      const { logEGreater } = costEProcess({ ...drawPairs(truth, 60, rng), null: 1 });
      const index = logEGreater.findIndex((logE) => logE >= Math.log(20));
      return index === -1 ? Infinity : index + 1;
    });
    const medianPairs = reachedBy(pairs, 0.5);
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
      const { newcombe95, miettinenNurminen95, niRejectRate } = reference;
      const expected = { newcombe95, miettinenNurminen95, niRejectRate };
      expect(mismatches(errorIntervalCoverage(reference), expected)).toEqual([]);
    },
  );

  it.each(oracle.pairsForCiWidth)("of the pairs for a width at sd $sdDiff", ({ sdDiff, pairs }) => {
    const { extraForCiWidth } = projectPairs({ tau: 1, sdDiff, nAB: 2, nBA: 2 });
    expect(4 + (extraForCiWidth ?? Infinity)).toBe(pairs);
  });
});

describe("simulation", () => {
  it("gives the same rates for the same seed and others for another", () => {
    expect(rateFor("1")).toBe(rateFor("1"));
    expect(new Set(["1", "2", "3", "4"].map(rateFor)).size).toBeGreaterThan(1);
  });

  it("counts the pairs by which a share had got there, though some never do", () => {
    expect(reachedBy([Infinity, 1, Infinity, 2], 0.5)).toBe(2);
    expect(reachedBy([Infinity, 1, Infinity], 0.5)).toBe(Infinity);
    expect(reachedBy([], 0.5)).toBe(Infinity);
  });
});
