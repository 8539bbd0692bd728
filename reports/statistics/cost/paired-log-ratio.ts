import { mean } from "simple-statistics";

import { testEquivalence, type EquivalenceTest, type RatioRange } from "../equivalence-test.ts";
import { testRatios, type RatioTest } from "../ratio-tests.ts";
import { sampleSpread } from "../spread.ts";
import type { AnalysisStatus } from "../status.ts";
import { tInterval, type EstimateWithError } from "../t-interval.ts";
import { tTest } from "../t-test.ts";
import { totalsRatio, type PairedCost } from "./totals-ratio.ts";

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
export interface PairedLogRatio {
  readonly status: AnalysisStatus;
  /** Which value is impossible, where the status is `invalid_input`. */
  readonly problem: string | null;
  readonly n: number | null;
  readonly df: number | null;
  readonly logMean: number | null;
  readonly logSd: number | null;
  readonly se: number | null;
  readonly gmr: number | null;
  readonly ci95Lower: number | null;
  readonly ci95Upper: number | null;
  readonly ci90Lower: number | null;
  readonly ci90Upper: number | null;
  /** Width of the 95 % interval relative to the ratio. */
  readonly ciWidthRel: number | null;
  readonly t: number | null;
  readonly pTwoSided: number | null;
  readonly nullTests: readonly RatioTest[];
  readonly tost: readonly EquivalenceTest[];
  readonly totalsRatio: number | null;
  readonly totalsLogSeJackknife: number | null;
  readonly totalsCi95Lower: number | null;
  readonly totalsCi95Upper: number | null;
}

const NOTHING: PairedLogRatio = {
  status: "no_data",
  problem: null,
  n: 0,
  df: null,
  logMean: null,
  logSd: null,
  se: null,
  gmr: null,
  ci95Lower: null,
  ci95Upper: null,
  ci90Lower: null,
  ci90Upper: null,
  ciWidthRel: null,
  t: null,
  pTwoSided: null,
  nullTests: [],
  tost: [],
  totalsRatio: null,
  totalsLogSeJackknife: null,
  totalsCi95Lower: null,
  totalsCi95Upper: null,
};

/**
 * How many times cheaper is the candidate on the same features? The geometric mean of the paired
 * ratios baseline / candidate with its t interval, one-sided tests, equivalence tests (TOST), and
 * the ratio of totals beside it.
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
  return logSd === null ? point : { ...point, ...inference(pairs, { logMean, logSd }, input) };
}

function inference(
  pairs: readonly PairedCost[],
  { logMean, logSd }: { readonly logMean: number; readonly logSd: number },
  { nulls = [1, 2], equivalence = [{ lower: 0.8, upper: 1.25 }] }: PairedLogRatioInput,
): Partial<PairedLogRatio> {
  const se = logSd / Math.sqrt(pairs.length);
  const logRatio: EstimateWithError = { estimate: logMean, se, df: pairs.length - 1 };
  const ci95 = tInterval(logRatio, 0.95);
  const ci90 = tInterval(logRatio, 0.9);
  const { t, pTwoSided } = tTest(logRatio, 0);
  return {
    status: logSd === 0 ? "zero_variance" : "ok",
    logSd,
    se,
    ci95Lower: Math.exp(ci95.lower),
    ci95Upper: Math.exp(ci95.upper),
    ci90Lower: Math.exp(ci90.lower),
    ci90Upper: Math.exp(ci90.upper),
    ciWidthRel: 2 * Math.sinh((ci95.upper - ci95.lower) / 2),
    t,
    pTwoSided,
    nullTests: testRatios(logRatio, nulls),
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
