import { bettingErrors, BOUNDARY_SHAPES } from "../../statistics/calibration/betting-errors.ts";
import { crossoverCoverage } from "../../statistics/calibration/crossover-coverage.ts";
import { ERROR_SHAPES } from "../../statistics/calibration/draw-errors.ts";
import { errorIntervalCoverage } from "../../statistics/calibration/error-interval-coverage.ts";
import { latencyCoverage } from "../../statistics/calibration/latency-coverage.ts";
import type { MonteCarloRate } from "../../statistics/calibration/monte-carlo.ts";
import { sequentialErrors } from "../../statistics/calibration/sequential-errors.ts";
import { toRow, type CalibrationRow, type Expectation } from "./calibration-row.ts";
import { gateRates } from "./gate-rates.ts";

const SHOWN: Expectation = { kind: "shown" };
const AT_MOST_ALPHA: Expectation = { kind: "at_most", bound: 0.05 };
const COVERS_95: Expectation = { kind: "between", lower: 0.94, upper: 0.96 };
/** Resampling within each experiment makes these a hundred times as dear. */
const LATENCY_REPS_MAX = 1000;
const LATENCY_BOOTSTRAP = 399;
const MAX_PAIRS = 60;

/** What to simulate. */
export interface CalibrationInput {
  readonly rootSeed: string;
  /** Simulated experiments a cell. */
  readonly reps: number;
}

/**
 * Does the product's own inference keep its promises? Simulates experiments whose truth is known,
 * through the same functions that analyse real ones, and yields row after row: coverage of
 * intervals, false alarms under repeated looks, and how often the gate expands, rightly or falsely.
 */
export function* runCalibration(input: CalibrationInput): Generator<CalibrationRow> {
  yield* coverageRows(input);
  yield* sequentialRows(input);
  yield* bettingRows(input);
  yield* gateRows(input);
  yield* errorRateRows();
  yield* latencyRows(input);
}

function* coverageRows(input: CalibrationInput): Generator<CalibrationRow> {
  for (const n of [4, 6, 8, 12, 20]) {
    const names = {
      scenario: `cross-over, ${n} pairs, period effect`,
      method: "95 % interval covers",
    };
    yield toRow(names, crossoverCoverage({ n, sd: 0.4, period: 0.3 }, input), COVERS_95);
  }
}

function* sequentialRows(input: CalibrationInput): Generator<CalibrationRow> {
  const common = { maxPairs: MAX_PAIRS, alpha: 0.05, period: 0.3 };
  const cells = [
    ...ERROR_SHAPES.map((shape) => ({ ...common, shape, mean: 0 })),
    { ...common, shape: "normal" as const, mean: -0.3 },
  ];
  for (const cell of cells) {
    const scenario = `no saving, ${cell.shape} errors, mean ${cell.mean}, a look after every pair to ${MAX_PAIRS}`;
    const rates = sequentialErrors(cell, input);
    const promised = cell.shape === "normal" ? AT_MOST_ALPHA : SHOWN;
    yield toRow({ scenario, method: "anytime e-process rejects" }, rates.anytimeT, promised);
    yield toRow({ scenario, method: "sign e-process rejects" }, rates.signMedian, promised);
    yield toRow(
      { scenario, method: "one-sided t test rejects at some look" },
      rates.naivePeekingEveryPair,
      SHOWN,
    );
    yield toRow(
      { scenario, method: "95 % t interval excludes the truth at some look" },
      rates.naiveIntervalEveryPair,
      SHOWN,
    );
    yield toRow(
      { scenario, method: "one-sided t test rejects at the end" },
      rates.singleLookAtN,
      SHOWN,
    );
  }
}

function* bettingRows(input: CalibrationInput): Generator<CalibrationRow> {
  for (const shape of BOUNDARY_SHAPES) {
    const scenario = `quality exactly at 0.8 of baseline, ${shape} scores, a look after every feature`;
    yield toRow(
      { scenario, method: "bet on quality confirms" },
      bettingErrors(shape, input),
      AT_MOST_ALPHA,
    );
  }
}

function* gateRows(input: CalibrationInput): Generator<CalibrationRow> {
  for (const trueRatio of [1.8, 2, 2.5, 3, 4]) {
    for (const sdDiff of [0.15, 0.3, 0.5]) {
      const cell = { trueRatio, sdDiff, maxPairs: MAX_PAIRS, lookEvery: 1 };
      const { standard, literal } = gateRates(cell, input);
      const scenario = `gate, true ratio ${trueRatio}, sd ${sdDiff}, a look after every pair to ${MAX_PAIRS}`;
      const promised = trueRatio <= 2 ? AT_MOST_ALPHA : SHOWN;
      yield toRow(
        { scenario, method: "standard policy expands" },
        withError(standard.byEnd, input),
        promised,
      );
      yield toRow(
        { scenario, method: "literal policy expands" },
        withError(literal.byEnd, input),
        SHOWN,
      );
    }
  }
}

/** By enumeration, so that nothing is left to chance. */
function* errorRateRows(): Generator<CalibrationRow> {
  for (const [n, pA, pB] of [
    [60, 0.02, 0.04],
    [200, 0.01, 0.01],
    [400, 0.01, 0.01],
  ] as const) {
    const scenario = `error rates ${pA} and ${pB}, ${n} requests each`;
    const { newcombe95, miettinenNurminen95, niRejectRate } = errorIntervalCoverage({ n, pA, pB });
    yield exactRow(scenario, "Newcombe 95 % interval covers", newcombe95);
    yield exactRow(scenario, "Miettinen–Nurminen 95 % interval covers", miettinenNurminen95);
    yield exactRow(scenario, "non-inferiority at 2 points is shown", niRejectRate);
  }
}

function* latencyRows({ rootSeed, reps }: CalibrationInput): Generator<CalibrationRow> {
  for (const features of [5, 8, 12, 20]) {
    const cell = { features, bootstrap: LATENCY_BOOTSTRAP };
    const limited = { rootSeed, reps: Math.min(reps, LATENCY_REPS_MAX) };
    const { percentile, perFeatureT } = latencyCoverage(cell, limited);
    const scenario = `p95 latency ratio, ${features} features of 20 requests`;
    yield toRow({ scenario, method: "90 % bootstrap interval covers" }, percentile, SHOWN);
    yield toRow({ scenario, method: "90 % per-feature t interval covers" }, perFeatureT, SHOWN);
  }
}

function exactRow(scenario: string, method: string, rate: number): CalibrationRow {
  return { scenario, method, reps: null, rate, mcSe: 0, expectation: SHOWN, holds: null };
}

function withError(rate: number, { reps }: CalibrationInput): MonteCarloRate {
  return { reps, rate, mcSe: Math.sqrt((rate * (1 - rate)) / reps) };
}
