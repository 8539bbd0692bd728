import { bettingErrors, BOUNDARY_SHAPES } from "../../statistics/calibration/betting-errors.ts";
import { crossoverCoverage } from "../../statistics/calibration/crossover-coverage.ts";
import { ERROR_SHAPES } from "../../statistics/calibration/draw-errors.ts";
import { errorIntervalCoverage } from "../../statistics/calibration/error-interval-coverage.ts";
import { latencyCoverage } from "../../statistics/calibration/latency-coverage.ts";
import type { MonteCarloRate } from "../../statistics/calibration/monte-carlo.ts";
import { sequentialErrors } from "../../statistics/calibration/sequential-errors.ts";
import { toRow, type CalibrationRow, type Expectation } from "./calibration-row.ts";
import { gateRates, type GateCell } from "./gate-rates.ts";

const SHOWN: Expectation = { kind: "shown" };
const AT_MOST_ALPHA: Expectation = { kind: "at_most", bound: 0.05 };
const COVERS_95: Expectation = { kind: "between", lower: 0.94, upper: 0.96 };
const LATENCY_BOOTSTRAP = 399;
const MAX_PAIRS = 60;

/** What to simulate. */
export interface CalibrationInput {
  readonly rootSeed: string;
  /** Simulated experiments a cell. */
  readonly reps: number;
}

/** One part of the calibration that can be run alone. */
export interface CalibrationCell {
  /** `<group>-<what varies>`, such as `coverage-12`. */
  readonly name: string;
  readonly run: (input: CalibrationInput) => readonly CalibrationRow[];
}

/**
 * Does the product's own inference keep its promises? Each cell simulates experiments whose truth is
 * known, through the same functions that analyse real ones: coverage of intervals, false alarms under
 * repeated looks, and how often the gate expands, rightly or falsely.
 */
export function calibrationCells(): readonly CalibrationCell[] {
  return [
    ...[4, 6, 8, 12, 20].map((n) => cell(`coverage-${n}`, coverageRow(n))),
    ...[
      ...ERROR_SHAPES.map((shape) => ({ shape, mean: 0 })),
      { shape: "normal" as const, mean: -0.3 },
    ].map((truth) =>
      cell(`looks-${truth.shape}${truth.mean === 0 ? "" : "-dearer"}`, lookRows(truth)),
    ),
    ...BOUNDARY_SHAPES.map((shape) => cell(`quality-${shape}`, bettingRow(shape))),
    ...gateCells("gate", { maxPairs: MAX_PAIRS, lookEvery: 1 }),
    ...gateCells("gate80", { maxPairs: 80, lookEvery: 2 }),
    ...ERROR_CELLS.map((one) => cell(`errors-${one.n}`, () => errorRateRows(one))),
    ...[5, 8, 12, 20].map((features) => cell(`latency-${features}`, latencyRows(features))),
  ];
}

/** Every cell, row after row. */
export function* runCalibration(input: CalibrationInput): Generator<CalibrationRow> {
  for (const { run } of calibrationCells()) yield* run(input);
}

function cell(name: string, run: CalibrationCell["run"]): CalibrationCell {
  return { name, run };
}

function coverageRow(n: number): CalibrationCell["run"] {
  const scenario = `cross-over, ${n} pairs, period effect`;
  return (input) => [
    toRow(
      { scenario, method: "95 % interval covers" },
      crossoverCoverage({ n, sd: 0.4, period: 0.3 }, input),
      COVERS_95,
    ),
  ];
}

function lookRows({
  shape,
  mean,
}: {
  readonly shape: (typeof ERROR_SHAPES)[number];
  readonly mean: number;
}): CalibrationCell["run"] {
  const scenario = `no saving, ${shape} errors, mean ${mean}, a look after every pair to ${MAX_PAIRS}`;
  return (input) => {
    const truth = { maxPairs: MAX_PAIRS, alpha: 0.05, period: 0.3, shape, mean };
    const rates = sequentialErrors(truth, input);
    const promised = shape === "normal" ? AT_MOST_ALPHA : SHOWN;
    return [
      toRow({ scenario, method: "anytime e-process rejects" }, rates.anytimeT, promised),
      toRow({ scenario, method: "sign e-process rejects" }, rates.signMedian, promised),
      toRow(
        { scenario, method: "one-sided t test rejects at some look" },
        rates.naivePeekingEveryPair,
        SHOWN,
      ),
      toRow(
        { scenario, method: "95 % t interval excludes the truth at some look" },
        rates.naiveIntervalEveryPair,
        SHOWN,
      ),
      toRow(
        { scenario, method: "one-sided t test rejects at the end" },
        rates.singleLookAtN,
        SHOWN,
      ),
    ];
  };
}

function bettingRow(shape: (typeof BOUNDARY_SHAPES)[number]): CalibrationCell["run"] {
  const scenario = `quality exactly at 0.8 of baseline, ${shape} scores, a look after every feature`;
  return (input) => [
    toRow(
      { scenario, method: "bet on quality confirms" },
      bettingErrors(shape, input),
      AT_MOST_ALPHA,
    ),
  ];
}

function gateCells(
  group: string,
  looks: Pick<GateCell, "maxPairs" | "lookEvery">,
): readonly CalibrationCell[] {
  return [1.8, 2, 2.5, 3, 4].flatMap((trueRatio) =>
    [0.15, 0.3, 0.5].map((sdDiff) =>
      cell(`${group}-${trueRatio}-${sdDiff}`, gateRows({ trueRatio, sdDiff, ...looks })),
    ),
  );
}

function gateRows(truth: GateCell): CalibrationCell["run"] {
  const { trueRatio, sdDiff, maxPairs, lookEvery } = truth;
  const often = lookEvery === 1 ? "every pair" : `every ${lookEvery} pairs`;
  const scenario = `gate, true ratio ${trueRatio}, sd ${sdDiff}, a look after ${often} to ${maxPairs}`;
  const promised = trueRatio <= 2 ? AT_MOST_ALPHA : SHOWN;
  return (input) => {
    const rates = gateRates(truth, input);
    return (["standard", "literal"] as const).map((policy) => ({
      ...toRow(
        { scenario, method: `${policy} policy expands` },
        withError(rates[policy].byEnd, input),
        policy === "standard" ? promised : SHOWN,
      ),
      medianPairs: Number.isFinite(rates[policy].medianPairs) ? rates[policy].medianPairs : null,
    }));
  };
}

const ERROR_CELLS = [
  { n: 60, pA: 0.02, pB: 0.04 },
  { n: 200, pA: 0.01, pB: 0.01 },
  { n: 400, pA: 0.01, pB: 0.01 },
] as const;

/** By enumeration, so that nothing is left to chance. */
function errorRateRows({ n, pA, pB }: (typeof ERROR_CELLS)[number]): readonly CalibrationRow[] {
  const scenario = `error rates ${pA} and ${pB}, ${n} requests each`;
  const { newcombe95, miettinenNurminen95, niRejectRate } = errorIntervalCoverage({ n, pA, pB });
  return [
    exactRow(scenario, "Newcombe 95 % interval covers", newcombe95),
    exactRow(scenario, "Miettinen–Nurminen 95 % interval covers", miettinenNurminen95),
    exactRow(scenario, "non-inferiority at 2 points is shown", niRejectRate),
  ];
}

function latencyRows(features: number): CalibrationCell["run"] {
  const scenario = `p95 latency ratio, ${features} features of 20 requests`;
  return ({ rootSeed, reps }) => {
    const { percentile, perFeatureT } = latencyCoverage(
      { features, bootstrap: LATENCY_BOOTSTRAP },
      { rootSeed, reps },
    );
    return [
      toRow({ scenario, method: "90 % bootstrap interval covers" }, percentile, SHOWN),
      toRow({ scenario, method: "90 % per-feature t interval covers" }, perFeatureT, SHOWN),
    ];
  };
}

function exactRow(scenario: string, method: string, rate: number): CalibrationRow {
  return { scenario, method, reps: null, rate, mcSe: 0, expectation: SHOWN, holds: null };
}

function withError(rate: number, { reps }: CalibrationInput): MonteCarloRate {
  return { reps, rate, mcSe: Math.sqrt((rate * (1 - rate)) / reps) };
}
