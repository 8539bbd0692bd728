import {
  crossoverCoverage,
  errorIntervalCoverage,
  latencyCoverage,
} from "../../statistics/calibration/coverage.ts";
import { ERROR_SHAPES, type ErrorShape } from "../../statistics/calibration/draw-pairs.ts";
import type { MonteCarloRate, SimulationSize } from "../../statistics/calibration/monte-carlo.ts";
import {
  BOUNDARY_SHAPES,
  bettingErrors,
  sequentialErrors,
  type BoundaryShape,
} from "../../statistics/calibration/repeated-looks.ts";
import { gateRates, type GateCell, type GateRates } from "./gate-rates.ts";
import { holdRates, type World } from "./hold-rates.ts";

/** What a simulated rate is held against. */
export type Expectation =
  | { readonly kind: "between"; readonly lower: number; readonly upper: number }
  | { readonly kind: "at_most"; readonly bound: number }
  /** Shown for comparison; nothing is promised. */
  | { readonly kind: "shown" };

/** One line of the calibration report. */
export interface CalibrationRow {
  /** What was simulated, such as `cross-over, 12 pairs`. */
  readonly scenario: string;
  /** Whose rate it is, such as `95 % interval covers`. */
  readonly method: string;
  /** Simulated experiments; null if every outcome was enumerated. */
  readonly reps: number | null;
  readonly rate: number;
  /** Standard error of the rate; 0 if it is exact. */
  readonly mcSe: number;
  readonly expectation: Expectation;
  /** For gates: by how many pairs half of the experiments had expanded; null if half never did. */
  readonly medianPairs?: number | null;
  /** Whether the rate meets the expectation within three standard errors; null if nothing is promised. */
  readonly holds: boolean | null;
}

const SHOWN: Expectation = { kind: "shown" };
const AT_MOST_ALPHA: Expectation = { kind: "at_most", bound: 0.05 };
const COVERS_95: Expectation = { kind: "between", lower: 0.94, upper: 0.96 };
const LATENCY_BOOTSTRAP = 399;
const MAX_PAIRS = 60;
const ERROR_CELLS = [
  { n: 60, pA: 0.02, pB: 0.04 },
  { n: 200, pA: 0.01, pB: 0.01 },
  { n: 400, pA: 0.01, pB: 0.01 },
] as const;

/** One part of the calibration, which can run by itself. */
export interface CalibrationCell {
  /** `<group>-<what varies>`, such as `coverage-12`. */
  readonly name: string;
  readonly run: (size: SimulationSize) => readonly CalibrationRow[];
}

/**
 * Does the product's own inference keep its promises? Each cell simulates experiments whose truth is
 * known, through the same functions that analyse real ones: coverage of intervals, false alarms under
 * repeated looks, and how often the gate expands, rightly or falsely.
 */
export function calibrationCells(): readonly CalibrationCell[] {
  return [
    ...[4, 6, 8, 12, 20].map((n) => ({ name: `coverage-${n}`, run: coverageRows(n) })),
    ...ERROR_SHAPES.map((shape) => ({ name: `looks-${shape}`, run: lookRows(shape, 0) })),
    { name: "looks-normal-dearer", run: lookRows("normal", -0.3) },
    ...BOUNDARY_SHAPES.map((shape) => ({ name: `quality-${shape}`, run: bettingRows(shape) })),
    ...gateCells("gate", { maxPairs: MAX_PAIRS, lookEvery: 1 }),
    ...gateCells("gate80", { maxPairs: 80, lookEvery: 2 }),
    ...HOLD_CELLS.map(({ world, ...cell }) => ({
      name: `hold-${world}`,
      run: holdRows(world, cell),
    })),
    ...ERROR_CELLS.map((truth) => ({
      name: `errors-${truth.n}`,
      run: () => errorRateRows(truth),
    })),
    ...[4, 8, 12, 20].map((features) => ({
      name: `latency-${features}`,
      run: latencyRows(features),
    })),
  ];
}

function coverageRows(n: number): CalibrationCell["run"] {
  const scenario = `cross-over, ${n} pairs, period effect`;
  const cell = { n, sd: 0.4, period: 0.3 };
  return (size) => [
    toRow({ scenario, method: "95 % interval covers" }, crossoverCoverage(cell, size), COVERS_95),
  ];
}

function lookRows(shape: ErrorShape, mean: number): CalibrationCell["run"] {
  const scenario = `no saving, ${shape} errors, mean ${mean}, a look after every pair to ${MAX_PAIRS}`;
  const promised = shape === "normal" ? AT_MOST_ALPHA : SHOWN;
  return (size) => {
    const truth = { maxPairs: MAX_PAIRS, alpha: 0.05, period: 0.3, shape, mean };
    const rates = sequentialErrors(truth, size);
    const rows: readonly [string, MonteCarloRate, Expectation][] = [
      ["anytime e-process rejects", rates.anytimeT, promised],
      ["sign e-process rejects", rates.signMedian, promised],
      ["one-sided t test rejects at some look", rates.naivePeekingEveryPair, SHOWN],
      ["95 % t interval excludes the truth at some look", rates.naiveIntervalEveryPair, SHOWN],
      ["one-sided t test rejects at the end", rates.singleLookAtN, SHOWN],
    ];
    return rows.map(([method, rate, promise]) => toRow({ scenario, method }, rate, promise));
  };
}

function bettingRows(shape: BoundaryShape): CalibrationCell["run"] {
  const scenario = `quality exactly at 0.8 of baseline, ${shape} scores, a look after every feature`;
  const method = "bet on quality confirms";
  return (size) => [toRow({ scenario, method }, bettingErrors(shape, size), AT_MOST_ALPHA)];
}

function gateCells(
  group: string,
  looks: Pick<GateCell, "maxPairs" | "lookEvery">,
): readonly CalibrationCell[] {
  return [1.8, 2, 2.5, 3, 4].flatMap((trueRatio) =>
    [0.15, 0.3, 0.5].map((sdDiff) => ({
      name: `${group}-${trueRatio}-${sdDiff}`,
      run: gateRows({ trueRatio, sdDiff, ...looks }),
    })),
  );
}

/** The worlds that the holds are for, and those that no policy protects against. */
const HOLD_CELLS: readonly (HoldCell & { readonly world: World })[] = [
  {
    world: "missing-random",
    says: "a fifth of the windows missing at random",
    promise: AT_MOST_ALPHA,
  },
  { world: "missing-dear", says: "the candidate's dearest fifth missing", promise: AT_MOST_ALPHA },
  { world: "retries", says: "dear runs tried up to 3 times", promise: AT_MOST_ALPHA },
  { world: "families", says: "families of 8 tasks", promise: AT_MOST_ALPHA },
  { world: "carry-over", says: "40 % cheaper if second", promise: SHOWN },
  { world: "rare-ruin", says: "2 % of runs 30 times as dear, ratio of totals 1.5", promise: SHOWN },
];

interface HoldCell {
  readonly says: string;
  readonly promise: Expectation;
}

function holdRows(world: World, { says, promise }: HoldCell): CalibrationCell["run"] {
  const scenario = `gate, ${says}, a look after every pair to ${MAX_PAIRS}`;
  return (size) => gateRowsOf(scenario, holdRates(world, size), promise);
}

function gateRowsOf(
  scenario: string,
  rates: GateRates,
  promised: Expectation,
): readonly CalibrationRow[] {
  return (["standard", "literal"] as const).map((policy) => {
    const { byEnd, medianPairs } = rates[policy];
    const names = { scenario, method: `${policy} policy expands` };
    return {
      ...toRow(names, byEnd, policy === "standard" ? promised : SHOWN),
      medianPairs: Number.isFinite(medianPairs) ? medianPairs : null,
    };
  });
}

function gateRows(truth: GateCell): CalibrationCell["run"] {
  const { trueRatio, sdDiff, maxPairs, lookEvery } = truth;
  const often = lookEvery === 1 ? "every pair" : `every ${lookEvery} pairs`;
  const scenario = `gate, true ratio ${trueRatio}, sd ${sdDiff}, a look after ${often} to ${maxPairs}`;
  const promised = trueRatio <= 2 ? AT_MOST_ALPHA : SHOWN;
  return (size) => gateRowsOf(scenario, gateRates(truth, size), promised);
}

/** By enumeration, so that nothing is left to chance. */
function errorRateRows(truth: (typeof ERROR_CELLS)[number]): readonly CalibrationRow[] {
  const scenario = `error rates ${truth.pA} and ${truth.pB}, ${truth.n} requests each`;
  const { newcombe95, miettinenNurminen95, niRejectRate } = errorIntervalCoverage(truth);
  const exactRow = (method: string, rate: number) =>
    ({ scenario, method, reps: null, rate, mcSe: 0, expectation: SHOWN, holds: null }) as const;
  return [
    exactRow("Newcombe 95 % interval covers", newcombe95),
    exactRow("Miettinen–Nurminen 95 % interval covers", miettinenNurminen95),
    exactRow("non-inferiority at 2 points is shown", niRejectRate),
  ];
}

function latencyRows(features: number): CalibrationCell["run"] {
  const scenario = `p95 latency ratio, ${features} features of 20 requests`;
  return (size) => {
    const cell = { features, bootstrap: LATENCY_BOOTSTRAP };
    const { deciding, above, percentile, perFeatureT } = latencyCoverage(cell, size);
    return [
      toRow({ scenario, method: "90 % expanded bootstrap interval covers" }, deciding, SHOWN),
      toRow({ scenario, method: "truth above the expanded interval" }, above, SHOWN),
      toRow({ scenario, method: "90 % plain bootstrap interval covers" }, percentile, SHOWN),
      toRow({ scenario, method: "90 % per-feature t interval covers" }, perFeatureT, SHOWN),
    ];
  };
}

/** Judges a rate by its expectation, within three Monte-Carlo standard errors. */
export function toRow(
  names: { readonly scenario: string; readonly method: string },
  rate: MonteCarloRate,
  expectation: Expectation,
): CalibrationRow {
  return { ...names, ...rate, expectation, holds: holds(rate, expectation) };
}

function holds({ rate, mcSe, reps }: MonteCarloRate, expectation: Expectation): boolean | null {
  switch (expectation.kind) {
    case "between":
      return rate >= expectation.lower - 3 * mcSe && rate <= expectation.upper + 3 * mcSe;
    case "at_most": {
      const { bound } = expectation;
      return rate <= bound + 3 * Math.sqrt((bound * (1 - bound)) / reps);
    }
    case "shown":
      return null;
  }
}
