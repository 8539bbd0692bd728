import { max, mean, sum } from "simple-statistics";

import { tInterval } from "../t-interval.ts";

/** The budget view of a saving: what all pairs cost together. */
export interface TotalsRatio {
  readonly totalsRatio: number;
  readonly totalsLogSeJackknife: number | null;
  readonly totalsCi95Lower: number | null;
  readonly totalsCi95Upper: number | null;
}

/** The costs of one pair. */
export interface PairedCost {
  /** Of the baseline. */
  readonly a: number;
  /** Of the candidate. */
  readonly b: number;
}

/**
 * How many times more did the baseline cost in all? Guards against a candidate that is cheap
 * typically and ruinous once, which a mean of log ratios hardly sees.
 *
 * The standard error of the log is the leave-one-out jackknife's, the interval a t interval on
 * n − 1 degrees of freedom at 95 %. One pair has a ratio and no interval.
 *
 * @example
 * totalsRatio([{ a: 90, b: 30 }, { a: 120, b: 52 }, { a: 65, b: 24 }]).totalsRatio; // 2.5943396226415096
 */
export function totalsRatio(pairs: readonly PairedCost[]): TotalsRatio {
  const n = pairs.length;
  const logRatio = logOfTotals(pairs);
  const ratio = Math.exp(logRatio);
  if (n < 2) {
    return {
      totalsRatio: ratio,
      totalsLogSeJackknife: null,
      totalsCi95Lower: null,
      totalsCi95Upper: null,
    };
  }
  const se = jackknifeError(pairs);
  const { lower, upper } = tInterval({ estimate: logRatio, se, df: n - 1 }, 0.95);
  return {
    totalsRatio: ratio,
    totalsLogSeJackknife: se,
    totalsCi95Lower: Math.exp(lower),
    totalsCi95Upper: Math.exp(upper),
  };
}

function logOfTotals(pairs: readonly PairedCost[]): number {
  return logOfSum(pairs.map(({ a }) => a)) - logOfSum(pairs.map(({ b }) => b));
}

/** Scaled by the largest, so that no sum overflows. */
function logOfSum(costs: readonly number[]): number {
  const largest = max([...costs]);
  return Math.log(largest) + Math.log(sum(costs.map((cost) => cost / largest)));
}

function jackknifeError(pairs: readonly PairedCost[]): number {
  const n = pairs.length;
  const logsA = logSumsWithoutOne(pairs.map(({ a }) => a));
  const logsB = logSumsWithoutOne(pairs.map(({ b }) => b));
  const without = logsA.map((log, index) => log - (logsB[index] ?? 0));
  const centre = mean(without);
  return Math.sqrt(
    ((n - 1) / n) * sum(without.map((value) => (value - centre) * (value - centre))),
  );
}

/**
 * In time linear in n, and without a subtraction, which would leave nothing but rounding of a total
 * that one cost dominates: each total without one is what came before it plus what comes after it.
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
