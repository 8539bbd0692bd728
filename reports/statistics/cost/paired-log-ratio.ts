import { max, mean, sum, sumNthPowerDeviations } from "simple-statistics";

import { sampleSpread } from "../core/spread.ts";
import { noneOf, type AnalysisStatus, type Figures } from "../core/status.ts";
import {
  describeEffect,
  describeRatio,
  tInterval,
  testEquivalence,
  type EquivalenceTest,
  type RatioRange,
  type RatioTest,
} from "../core/t-inference.ts";

/** Costs by pair: `a[i]` of the baseline and `b[i]` of the candidate are of the same feature. */
export interface PairedLogRatioInput {
  readonly a: readonly number[];
  readonly b: readonly number[];
  /** Ratios to test against; 1 and 2 by default. */
  readonly nulls?: readonly number[];
  /** Ranges of equivalence; 0.8 to 1.25 by default. */
  readonly equivalence?: readonly RatioRange[];
}

/** The geometric mean ratio of paired costs, not adjusted for order. `null`: not available. */
export interface PairedLogRatio
  extends
    Figures<"df" | "logMean" | "logSd" | "se" | "t" | "pTwoSided">,
    Figures<"ci95Lower" | "ci95Upper" | "ci90Lower" | "ci90Upper">,
    Figures<keyof TotalsRatio> {
  readonly status: AnalysisStatus;
  /** Names the impossible value if the status is `invalid_input`. */
  readonly problem: string | null;
  readonly n: number | null;
  /** Geometric mean ratio. */
  readonly gmr: number | null;
  /** Width of the 95 % interval relative to the ratio. */
  readonly ciWidthRel: number | null;
  readonly nullTests: readonly RatioTest[];
  readonly tost: readonly EquivalenceTest[];
}

const NO_TOTALS = noneOf(
  "totalsRatio",
  "totalsLogSeJackknife",
  "totalsCi95Lower",
  "totalsCi95Upper",
);

const NOTHING: PairedLogRatio = {
  status: "no_data",
  problem: null,
  n: 0,
  ...noneOf("df", "logMean", "logSd", "se", "gmr"),
  ...noneOf("ci95Lower", "ci95Upper", "ci90Lower", "ci90Upper", "ciWidthRel", "t", "pTwoSided"),
  nullTests: [],
  tost: [],
  ...NO_TOTALS,
};

/**
 * How many times cheaper is the candidate on the same features? The geometric mean of the paired
 * ratios baseline / candidate with its t interval, one-sided tests, equivalence tests (TOST), and
 * the ratio of totals.
 *
 * Assumes independent features whose log ratios are normal. Not adjusted for period: with both
 * orders present {@link analyseCrossover} is the primary analysis. One pair gives a point estimate
 * only.
 *
 * Source: Hauschke, Steinijans & Pigeot, Bioequivalence Studies in Drug Development, 2007.
 *
 * @example
 * analysePairedLogRatio({ a: [90000, 120000, 65000], b: [30000, 52000, 24000] }).gmr; // 2.6566464229565288
 */
export function analysePairedLogRatio(input: PairedLogRatioInput): PairedLogRatio {
  const problem = findProblem(input);
  if (problem !== null) return { ...NOTHING, status: "invalid_input", problem, n: null };
  const pairs = input.a.map((a, index) => ({ a, b: input.b[index] ?? a }));
  if (pairs.length === 0) return NOTHING;
  const logRatios = pairs.map(({ a, b }) => Math.log(a) - Math.log(b));
  const logMean = mean(logRatios);
  const point: PairedLogRatio = {
    ...NOTHING,
    status: "insufficient",
    n: pairs.length,
    df: pairs.length - 1,
    logMean,
    gmr: Math.exp(logMean),
    ...totalsRatio(pairs),
  };
  const logSd = sampleSpread(logRatios);
  return logSd === null
    ? point
    : { ...point, ...inference(pairs.length, { logMean, logSd }, input) };
}

function inference(
  n: number,
  { logMean, logSd }: { readonly logMean: number; readonly logSd: number },
  { nulls = [1, 2], equivalence = [{ lower: 0.8, upper: 1.25 }] }: PairedLogRatioInput,
): Partial<PairedLogRatio> {
  const logRatio = { estimate: logMean, se: logSd / Math.sqrt(n), df: n - 1 };
  const { t, pTwoSided } = describeEffect(logRatio);
  const ratio = describeRatio(logRatio, nulls);
  return {
    status: logSd === 0 ? "zero_variance" : "ok",
    logSd,
    se: logRatio.se,
    ci95Lower: ratio.ratioCi95Lower,
    ci95Upper: ratio.ratioCi95Upper,
    ci90Lower: ratio.ratioCi90Lower,
    ci90Upper: ratio.ratioCi90Upper,
    ciWidthRel: ratio.ciWidthRel,
    t,
    pTwoSided,
    nullTests: ratio.nullTests,
    tost: equivalence.map((range) => testEquivalence(logRatio, range)),
  };
}

function findProblem({ a, b }: PairedLogRatioInput): string | null {
  if (a.length !== b.length)
    return `Expected as many costs of A as of B, got ${a.length} and ${b.length}.`;
  for (const [arm, costs] of Object.entries({ A: a, B: b })) {
    const wrong = costs.findIndex((cost) => !(cost > 0 && cost < Infinity));
    if (wrong !== -1)
      return `Pair ${wrong + 1}, ${arm}: expected a positive finite cost, got ${costs[wrong]}.`;
  }
  return null;
}

/** The budget view of a saving: what all pairs cost together. */
export interface TotalsRatio extends Figures<
  "totalsLogSeJackknife" | "totalsCi95Lower" | "totalsCi95Upper"
> {
  readonly totalsRatio: number;
}

/** The costs of one pair. */
export interface PairedCost {
  /** The cost of the baseline. */
  readonly a: number;
  /** The cost of the candidate. */
  readonly b: number;
}

/**
 * How many times more did the baseline cost in all? Guards against a candidate that is usually cheap
 * and ruinous once, which hardly changes a mean of log ratios.
 *
 * The standard error of the log is the leave-one-out jackknife's, the interval a t interval on
 * n − 1 degrees of freedom at 95 %. One pair has a ratio and no interval.
 *
 * @example
 * totalsRatio([{ a: 90, b: 30 }, { a: 120, b: 52 }, { a: 65, b: 24 }]).totalsRatio; // 2.5943396226415096
 */
export function totalsRatio(pairs: readonly PairedCost[]): TotalsRatio {
  const n = pairs.length;
  const a = pairs.map((pair) => pair.a);
  const b = pairs.map((pair) => pair.b);
  const logRatio = logOfSum(a) - logOfSum(b);
  const point = { ...NO_TOTALS, totalsRatio: Math.exp(logRatio) };
  if (n < 2) return point;
  const logsB = logSumsWithoutOne(b);
  const without = logSumsWithoutOne(a).map((log, index) => log - (logsB[index] ?? 0));
  const se = Math.sqrt(((n - 1) / n) * sumNthPowerDeviations(without, 2));
  const { lower, upper } = tInterval({ estimate: logRatio, se, df: n - 1 }, 0.95);
  return {
    ...point,
    totalsLogSeJackknife: se,
    totalsCi95Lower: Math.exp(lower),
    totalsCi95Upper: Math.exp(upper),
  };
}

/** Scaled by the largest, so that no sum overflows. */
function logOfSum(costs: readonly number[]): number {
  const largest = max(costs);
  return Math.log(largest) + Math.log(sum(costs.map((cost) => cost / largest)));
}

/**
 * The logarithm of each total without one cost: what came before it plus what comes after it. A
 * subtraction from the whole would leave nothing but rounding if one cost dominates the total.
 */
function logSumsWithoutOne(costs: readonly number[]): readonly number[] {
  const before = logsOfRunningSums(costs);
  const after = logsOfRunningSums(costs.toReversed()).toReversed();
  return costs.map((_, index) =>
    logOfBoth(before[index - 1] ?? -Infinity, after[index + 1] ?? -Infinity),
  );
}

function logsOfRunningSums(costs: readonly number[]): readonly number[] {
  let log = -Infinity;
  return costs.map((cost) => {
    log = logOfBoth(log, Math.log(cost));
    return log;
  });
}

/** ln(exp(first) + exp(second)), one of which is finite. */
function logOfBoth(first: number, second: number): number {
  const larger = Math.max(first, second);
  return larger + Math.log1p(Math.exp(Math.min(first, second) - larger));
}
