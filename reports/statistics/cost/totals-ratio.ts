import { mean, sum } from "simple-statistics";

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
  return Math.log(sum(pairs.map(({ a }) => a)) / sum(pairs.map(({ b }) => b)));
}

/** In time linear in n: each total without one pair is the total minus that pair. */
function jackknifeError(pairs: readonly PairedCost[]): number {
  const n = pairs.length;
  const totalA = sum(pairs.map(({ a }) => a));
  const totalB = sum(pairs.map(({ b }) => b));
  const without = pairs.map(({ a, b }) => Math.log((totalA - a) / (totalB - b)));
  const centre = mean(without);
  return Math.sqrt(
    ((n - 1) / n) * sum(without.map((value) => (value - centre) * (value - centre))),
  );
}
