import { costEProcess } from "../anytime/cost-e-process.ts";
import { signLogEByPrefix } from "../anytime/sign-e-process.ts";
import { tQuantile } from "../numerics/student-t-quantile.ts";
import { fitPrefixes } from "../prefix-fits.ts";
import type { Rng } from "../randomisation/stream.ts";
import type { ErrorShape } from "./draw-errors.ts";
import { drawPairs, type DrawnPairs } from "./draw-pairs.ts";
import { rateOf, simulate, type MonteCarloRate } from "./monte-carlo.ts";

const FIRST_LOOK = 3;

/** One row of the table of false alarms under repeated looks. */
export interface SequentialCell {
  readonly shape: ErrorShape;
  /** True mean of the log ratios; 0 is the null value. */
  readonly mean: number;
  readonly maxPairs: number;
  readonly alpha: number;
  /** Effect of period 1 over period 2. */
  readonly period: number;
}

/** How often each method rejects a true null hypothesis at some look. */
export interface SequentialErrors {
  /** The t-mixture e-process, a look after every pair. */
  readonly anytimeT: MonteCarloRate;
  /** The sign e-process. */
  readonly signMedian: MonteCarloRate;
  /** A one-sided t test after every pair. */
  readonly naivePeekingEveryPair: MonteCarloRate;
  /** A two-sided paired t interval after every pair that excludes the truth. */
  readonly naiveIntervalEveryPair: MonteCarloRate;
  /** A one-sided t test at the end only. */
  readonly singleLookAtN: MonteCarloRate;
}

/**
 * How often do methods find a saving that is not there when one looks after every pair? What holds
 * at every look stays at or below alpha for normal errors; what holds for one look does not.
 */
export function sequentialErrors(
  cell: SequentialCell,
  { rootSeed, reps }: { readonly rootSeed: string; readonly reps: number },
): SequentialCell & SequentialErrors {
  const scenario = `sequential-${cell.shape}-${cell.mean}`;
  const limits = criticalValues(cell);
  const runs = simulate({ rootSeed, scenario, reps }, (rng) => runOnce(cell, limits, rng));
  return {
    ...cell,
    anytimeT: rateOf(runs.map(({ anytime }) => anytime)),
    signMedian: rateOf(runs.map(({ sign }) => sign)),
    naivePeekingEveryPair: rateOf(runs.map(({ peeking }) => peeking)),
    naiveIntervalEveryPair: rateOf(runs.map(({ interval }) => interval)),
    singleLookAtN: rateOf(runs.map(({ atEnd }) => atEnd)),
  };
}

interface CriticalValues {
  /** By degrees of freedom, from 0. */
  readonly oneSided: readonly number[];
  readonly twoSided: readonly number[];
}

function criticalValues({ maxPairs, alpha }: SequentialCell): CriticalValues {
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
