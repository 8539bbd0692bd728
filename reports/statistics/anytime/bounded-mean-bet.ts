import { contrastsOf, type PairedScores } from "../core/contrast.ts";
import { GrowingResults } from "../core/growing-results.ts";
import { bisect, doubleWhile } from "../numerics/roots.ts";

const SMALLEST_RATIO = 1e-9;
const SMALLEST_MEAN = 1e-12;
const DOUBLINGS_MAX = 60;

/** A bet on values of at least −bound that mixes `grid` stakes. */
export interface BoundedBet {
  readonly bound: number;
  readonly grid: number;
}

/**
 * The wealth, as a natural logarithm, of betting against "the mean of x is at most 0" when no x is
 * below −bound: ln Σₖ wₖ Πᵢ (1 + (k/K)·xᵢ/bound) with weights wₖ = 2k/(K(K+1)).
 *
 * An e-value: under the null hypothesis its mean is at most 1 at any time of looking, for any
 * distribution. It does not depend on the order of the values. Values below −bound are rounding
 * and are raised to it.
 *
 * Source: Waudby-Smith & Ramdas, JRSS B 2024;86:1.
 *
 * @example
 * logWealth([0.2], { bound: 0.8, grid: 20 }); // 0.1577157459917544
 */
export function logWealth(values: readonly number[], { bound, grid }: BoundedBet): number {
  return logMixture(stakes(grid).map((stake) => logProduct(values, stake, bound)));
}

/** Far enough from the smallest and the largest number for one more factor. */
const [PRODUCT_MIN, PRODUCT_MAX] = [1e-200, 1e200];

/** Σ ln(1 + stake·x/bound). A logarithm of each factor would take five times as long. */
function logProduct(values: readonly number[], stake: number, bound: number): number {
  let logs = 0;
  let product = 1;
  for (const value of values) {
    product *= 1 + (stake * Math.max(value, -bound)) / bound;
    if (product > PRODUCT_MIN && product < PRODUCT_MAX) continue;
    logs += Math.log(product);
    product = 1;
  }
  return logs + Math.log(product);
}

/**
 * {@link logWealth} after every value, in the order given.
 *
 * @example
 * logWealthByPrefix([0.2, 0.2], { bound: 0.8, grid: 20 }); // 0.1577…, 0.3180…
 */
export function logWealthByPrefix(values: readonly number[], bet: BoundedBet): readonly number[] {
  return wealthOf(bet).of(values);
}

/** {@link logWealthByPrefix} of a list that grows. */
export function wealthOf({ grid, bound }: BoundedBet): GrowingResults<number, number> {
  const shares = stakes(grid);
  return new GrowingResults(() => {
    const logs = shares.map(() => 0);
    return (value: number) => {
      for (const [index, stake] of shares.entries()) {
        logs[index] = (logs[index] ?? 0) + logFactor(value, stake, bound);
      }
      return logMixture(logs);
    };
  });
}

function stakes(grid: number): readonly number[] {
  return Array.from({ length: grid }, (_, index) => (index + 1) / grid);
}

function logFactor(value: number, stake: number, bound: number): number {
  return Math.log1p((stake * Math.max(value, -bound)) / bound);
}

/** ln Σ wₖ exp(lₖ), with the largest term taken out so that nothing overflows. */
function logMixture(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  if (largest === -Infinity) return -Infinity;
  const count = logs.length;
  const weighted = logs.reduce(
    (total, log, index) =>
      total + ((2 * (index + 1)) / (count * (count + 1))) * Math.exp(log - largest),
    0,
  );
  return largest + Math.log(weighted);
}

/** How sure a bound is, and how many stakes its bets mix. */
export interface BettingLevel {
  readonly alpha: number;
  readonly grid: number;
}

/**
 * The largest ratio R such that "B keeps less than R of A's quality" is refuted at `alpha`, valid at
 * any time of looking. 0 if no ratio is refuted.
 *
 * Source: Waudby-Smith & Ramdas, JRSS B 2024;86:1.
 */
export function ratioLowerBound(scores: PairedScores, { alpha, grid }: BettingLevel): number {
  const isRefuted = (ratio: number) =>
    logWealth(contrastsOf(scores, ratio), { bound: ratio, grid }) >= -Math.log(alpha);
  if (!isRefuted(SMALLEST_RATIO)) return 0;
  const high = doubleWhile(1, isRefuted, DOUBLINGS_MAX);
  return high === null ? Infinity : bisect({ low: SMALLEST_RATIO, high }, isRefuted);
}

/**
 * The smallest ratio R such that "B keeps more than R of A's quality" is refuted at `alpha`, valid
 * at any time of looking. Infinity if no ratio is refuted.
 */
export function ratioUpperBound(scores: PairedScores, { alpha, grid }: BettingLevel): number {
  const isPossible = (ratio: number) => {
    const shortfalls = contrastsOf(scores, ratio).map((contrast) => -contrast);
    return logWealth(shortfalls, { bound: 1, grid }) < -Math.log(alpha);
  };
  const high = doubleWhile(1, isPossible, DOUBLINGS_MAX);
  return high === null ? Infinity : bisect({ low: 0, high }, isPossible);
}

/**
 * A two-sided interval for the mean of scores in [0, 1], valid at any time of looking: each end at
 * alpha / 2.
 *
 * @example
 * meanConfidenceSequence(Array(15).fill(1), { alpha: 0.05, grid: 20 }); // [0.7356768652935681, 1]
 */
export function meanConfidenceSequence(
  scores: readonly number[],
  level: BettingLevel,
): readonly [number, number] {
  const shortfalls = scores.map((score) => 1 - score);
  return [meanLowerBound(scores, level), 1 - meanLowerBound(shortfalls, level)];
}

function meanLowerBound(scores: readonly number[], { alpha, grid }: BettingLevel): number {
  const isTooLow = (mean: number) => {
    const excesses = scores.map((score) => score - mean);
    return logWealth(excesses, { bound: mean, grid }) >= -Math.log(alpha / 2);
  };
  if (!isTooLow(SMALLEST_MEAN)) return 0;
  const high = 1 - 1e-15;
  return isTooLow(high) ? 1 : bisect({ low: SMALLEST_MEAN, high }, isTooLow);
}
