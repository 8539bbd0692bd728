import { logWealthByPrefix } from "../anytime/bounded-mean-bet.ts";
import { costEProcess, signLogEByPrefix } from "../anytime/cost-e-process.ts";
import { fitPrefixes } from "../core/period-adjusted-fit.ts";
import { tQuantile } from "../numerics/student-t.ts";
import type { Rng } from "../randomisation/stream.ts";
import { drawPairs, type DrawnPairs, type ErrorShape } from "./draw-pairs.ts";
import { rateOf, simulate, type MonteCarloRate, type SimulationSize } from "./monte-carlo.ts";

const ALPHA = 0.05;
const RHO = 0.8;
const GRID = 20;
/** Features of one simulated experiment on quality. */
const BETS = 100;
const REDRAWS_MAX = 10_000;
const FIRST_LOOK = 3;

/** The truth of the simulated experiments on cost. */
export interface SequentialCell {
  readonly shape: ErrorShape;
  /** True mean of the log ratios; 0 is the null value. */
  readonly mean: number;
  readonly maxPairs: number;
  readonly alpha: number;
  /** Effect of period 1 over period 2. */
  readonly period: number;
}

/**
 * How often do methods find a saving that does not exist, with a look after every pair? A method for
 * every look stays at or below alpha for normal errors. A method for one look does not.
 */
export function sequentialErrors(cell: SequentialCell, { rootSeed, reps }: SimulationSize) {
  const scenario = `sequential-${cell.shape}-${cell.mean}`;
  const limits = criticalValues(cell);
  const runs = simulate({ rootSeed, scenario, reps }, (rng) => runOnce(cell, limits, rng));
  return {
    /** The t-mixture e-process, a look after every pair. */
    anytimeT: rateOf(runs.map(({ anytime }) => anytime)),
    /** The sign e-process. */
    signMedian: rateOf(runs.map(({ sign }) => sign)),
    /** A one-sided t test after every pair. */
    naivePeekingEveryPair: rateOf(runs.map(({ peeking }) => peeking)),
    /** A two-sided paired t interval after every pair that excludes the truth. */
    naiveIntervalEveryPair: rateOf(runs.map(({ interval }) => interval)),
    /** A one-sided t test at the end only. */
    singleLookAtN: rateOf(runs.map(({ atEnd }) => atEnd)),
  };
}

/** Critical values by degrees of freedom, from 0. */
type CriticalValues = ReturnType<typeof criticalValues>;

function criticalValues({ maxPairs, alpha }: SequentialCell) {
  const byFreedom = (p: number) =>
    Array.from({ length: maxPairs }, (_, df) => (df < 1 ? Infinity : tQuantile(p, df)));
  return { oneSided: byFreedom(1 - alpha), twoSided: byFreedom(1 - alpha / 2) };
}

function runOnce(cell: SequentialCell, limits: CriticalValues, rng: Rng) {
  const { shape, mean, period, maxPairs, alpha } = cell;
  const drawn = drawPairs({ effect: mean, sd: 1, period, shape }, maxPairs, rng);
  const threshold = -Math.log(alpha);
  const { logEGreater } = costEProcess({ ...drawn, null: 1 });
  const withoutPeriod = drawn.d.map((value, index) => value - period * (drawn.z[index] ?? 0));
  const signLogE = signLogEByPrefix(withoutPeriod.map((value) => value > 0));
  const adjusted = tStatistics(drawn, 0);
  const paired = tStatistics({ d: withoutPeriod, z: withoutPeriod.map(() => 0) }, mean);
  const rejects = adjusted.map(({ t, df }) => t >= (limits.oneSided[df] ?? Infinity));
  return {
    anytime: logEGreater.some((logE) => logE >= threshold),
    sign: signLogE.some((logE) => logE >= threshold),
    peeking: rejects.some(Boolean),
    interval: paired.some(({ t, df }) => Math.abs(t) > (limits.twoSided[df] ?? Infinity)),
    atEnd: rejects.at(-1) ?? false,
  };
}

/** The t statistic at every look from three pairs on. */
function tStatistics({ d, z }: DrawnPairs, nullValue: number) {
  return fitPrefixes(d, z)
    .slice(FIRST_LOOK - 1)
    .map((fit) => {
      if (fit === null || fit.sd === 0) return { t: 0, df: 0 };
      return { t: ((fit.estimate - nullValue) * Math.sqrt(fit.nEff)) / fit.sd, df: fit.df };
    });
}

/** Distributions of quality with which the candidate keeps exactly 0.8 of the baseline's. */
export const BOUNDARY_SHAPES = ["bernoulli", "halfway", "beta"] as const;
export type BoundaryShape = (typeof BOUNDARY_SHAPES)[number];

/**
 * How often does the bet on quality confirm a quality that was not kept, with a look after every
 * feature? Simulated at the boundary of the null hypothesis, for three very different distributions.
 */
export function bettingErrors(
  shape: BoundaryShape,
  { rootSeed, reps }: SimulationSize,
): MonteCarloRate {
  const hits = simulate({ rootSeed, scenario: `betting-${shape}`, reps }, (rng) => {
    const contrasts = Array.from({ length: BETS }, () => drawContrast(shape, rng));
    const wealth = logWealthByPrefix(contrasts, { bound: RHO, grid: GRID });
    return wealth.some((logE) => logE >= -Math.log(ALPHA));
  });
  return rateOf(hits);
}

/** B − 0.8·A, with mean 0. */
function drawContrast(shape: BoundaryShape, rng: Rng): number {
  switch (shape) {
    case "bernoulli":
      return (rng() < 0.8 ? 1 : 0) - RHO;
    case "halfway":
      return (rng() < 0.2 ? 0 : 0.9) - RHO * 0.9;
    case "beta": {
      const a = Math.exp(Math.log1p(-rng()) / 9);
      return drawBeta(7.2, 2.8, rng) - RHO * a;
    }
  }
}

/** By rejection from the uniform under the density's peak; for shapes above 1. */
function drawBeta(a: number, b: number, rng: Rng): number {
  const mode = (a - 1) / (a + b - 2);
  const logDensity = (x: number) => (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x);
  for (let count = 0; count < REDRAWS_MAX; count += 1) {
    const x = rng();
    if (x > 0 && Math.log1p(-rng()) <= logDensity(x) - logDensity(mode)) return x;
  }
  return mode;
}
