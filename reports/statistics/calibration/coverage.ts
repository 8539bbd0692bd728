import { analyseCrossover } from "../cost/crossover.ts";
import { newcombeInterval, scoreZ, type Limits } from "../errors/share-intervals.ts";
import { compareLatencies } from "../latency/compare-latencies.ts";
import { logBinomialChance } from "../numerics/log-gamma.ts";
import { normQuantile } from "../numerics/normal.ts";
import type { Rng } from "../randomisation/stream.ts";
import { drawNormal, drawPairs } from "./draw-pairs.ts";
import { rateOf, simulate, type MonteCarloRate, type SimulationSize } from "./monte-carlo.ts";

const TRUE_EFFECT = 1;
const MARGIN = 0.02;
const ALPHA = 0.05;
const NEGLIGIBLE = 1e-9;
const SLACK = 1e-12;
const TRUE_RATIO = 1.2;
const REQUESTS = 20;

/** One cell of the coverage table. */
export interface CoverageCell {
  /** Pairs. */
  readonly n: number;
  /** Standard deviation of the log ratios. */
  readonly sd: number;
  /** Effect of period 1 over period 2. */
  readonly period: number;
}

/**
 * How often does the 95 % interval of the cross-over cover the truth? Simulates whole experiments
 * with normal errors and a period effect, and analyses each one as a report would.
 */
export function crossoverCoverage(
  { n, sd, period }: CoverageCell,
  size: SimulationSize,
): MonteCarloRate {
  const truth = { effect: TRUE_EFFECT, sd, period, shape: "normal" } as const;
  const hits = simulate({ ...size, scenario: `crossover-coverage-${n}` }, (rng) => {
    const { d, z } = drawPairs(truth, n, rng);
    const pairs = d.map((difference, index) => {
      // What a feature costs in itself cancels out of the difference.
      const feature = drawNormal(rng);
      const half = (z[index] === 1 ? difference : -difference) / 2;
      return {
        sequence: z[index] === 1 ? ("AB" as const) : ("BA" as const),
        period1: Math.exp(feature + half),
        period2: Math.exp(feature - half),
      };
    });
    const { ci95Lower, ci95Upper } = analyseCrossover({ pairs });
    if (ci95Lower === null || ci95Upper === null) return false;
    return covers([ci95Lower, ci95Upper], TRUE_EFFECT);
  });
  return rateOf(hits);
}

function covers(limits: Limits | null, truth: number): boolean {
  return limits !== null && limits[0] <= truth && truth <= limits[1];
}

/** True error rates with as many requests on each arm. */
export interface ErrorRateTruth {
  readonly n: number;
  readonly pA: number;
  readonly pB: number;
}

/**
 * How often do the intervals for a difference of error rates cover the truth? Not simulated: every
 * outcome is weighed by its probability.
 */
export function errorIntervalCoverage({ n, pA, pB }: ErrorRateTruth) {
  const difference = pB - pA;
  const z = normQuantile(0.975);
  const totals = { newcombe95: 0, miettinenNurminen95: 0, niRejectRate: 0 };
  for (const a of likelyCounts(n, pA)) {
    for (const b of likelyCounts(n, pB)) {
      const shares = { a: { x: a.x, n }, b: { x: b.x, n } };
      const chance = a.chance * b.chance;
      const [lower, upper] = newcombeInterval(shares, 0.95);
      if (lower <= difference + SLACK && difference <= upper + SLACK) totals.newcombe95 += chance;
      if (Math.abs(scoreZ(shares, difference)) <= z + SLACK) totals.miettinenNurminen95 += chance;
      if (scoreZ(shares, MARGIN) <= normQuantile(ALPHA)) totals.niRejectRate += chance;
    }
  }
  return totals;
}

function likelyCounts(n: number, p: number) {
  return Array.from({ length: n + 1 }, (_, x) => ({
    x,
    chance: Math.exp(logBinomialChance(x, n, p)),
  })).filter(({ chance }) => chance > NEGLIGIBLE);
}

/** How many features, and how hard to resample them. */
export interface LatencyCell {
  readonly features: number;
  /** Bootstrap replicates per experiment. */
  readonly bootstrap: number;
}

/**
 * How often do the latency intervals cover the truth, and how often does the truth lie above the
 * deciding one, for log-normal latencies by feature?
 */
export function latencyCoverage({ features, bootstrap }: LatencyCell, size: SimulationSize) {
  const runs = simulate({ ...size, scenario: `latency-${features}` }, (rng) => {
    const drawn = Array.from({ length: features }, () => drawFeature(rng));
    // The bootstrap's own seed must differ between experiments.
    const rootSeed = `${size.rootSeed}|${rng()}`;
    return compareLatencies({ features: drawn, rootSeed, replicates: bootstrap });
  });
  return {
    /** 90 % each; a margin that the truth passes is confirmed no more often than `above`. */
    deciding: rateOf(runs.map((run) => covers(run.decisionRatioCi, TRUE_RATIO))),
    above: rateOf(runs.map((run) => (run.decisionRatioCi?.[1] ?? Infinity) < TRUE_RATIO)),
    percentile: rateOf(runs.map((run) => covers(run.percentileRatioCi, TRUE_RATIO))),
    perFeatureT: rateOf(
      runs.map(({ perFeatureT: t }) =>
        covers(t && [t.ratioCi90Lower, t.ratioCi90Upper], TRUE_RATIO),
      ),
    ),
  };
}

function drawFeature(rng: Rng) {
  const centre = 7 + 0.3 * drawNormal(rng);
  const draw = (shift: number) =>
    Array.from({ length: REQUESTS }, () => Math.exp(centre + shift + 0.5 * drawNormal(rng)));
  return { a: draw(0), b: draw(Math.log(TRUE_RATIO)) };
}
