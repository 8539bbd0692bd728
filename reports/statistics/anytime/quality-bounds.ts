import { bisect } from "../bisection.ts";
import { contrastsOf } from "../quality/contrast-test.ts";
import type { PairedScores } from "../quality/scores.ts";
import { logWealth } from "./bounded-mean-bet.ts";

const SMALLEST_RATIO = 1e-9;
const DOUBLINGS_MAX = 60;
const SMALLEST_MEAN = 1e-12;

/** How sure a bound is, and how many stakes its bets mix. */
export interface BettingLevel {
  readonly alpha: number;
  readonly grid: number;
}

/**
 * The largest ratio R such that "B keeps less than R of A's quality" is refuted at `alpha`, valid at
 * any time of looking. 0 where no ratio is refuted.
 *
 * Source: Waudby-Smith & Ramdas, JRSS B 2024;86:1.
 */
export function ratioLowerBound(scores: PairedScores, { alpha, grid }: BettingLevel): number {
  const isRefuted = (ratio: number) =>
    logWealth(contrastsOf(scores, ratio), { bound: ratio, grid }) >= -Math.log(alpha);
  if (!isRefuted(SMALLEST_RATIO)) return 0;
  let high = 1;
  for (let count = 0; count < DOUBLINGS_MAX && isRefuted(high); count += 1) high *= 2;
  return bisect({ low: SMALLEST_RATIO, high }, isRefuted);
}

/**
 * The smallest ratio R such that "B keeps more than R of A's quality" is refuted at `alpha`, valid
 * at any time of looking. Infinity where no ratio is refuted.
 */
export function ratioUpperBound(scores: PairedScores, { alpha, grid }: BettingLevel): number {
  const isPossible = (ratio: number) => {
    const shortfalls = contrastsOf(scores, ratio).map((contrast) => -contrast);
    return logWealth(shortfalls, { bound: 1, grid }) < -Math.log(alpha);
  };
  let high = 1;
  let count = 0;
  while (count < DOUBLINGS_MAX && isPossible(high)) {
    high *= 2;
    count += 1;
  }
  return count === DOUBLINGS_MAX ? Infinity : bisect({ low: 0, high }, isPossible);
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
  { alpha, grid }: BettingLevel,
): readonly [number, number] {
  const threshold = -Math.log(alpha / 2);
  const isTooLow = (mean: number) =>
    logWealth(
      scores.map((score) => score - mean),
      { bound: mean, grid },
    ) >= threshold;
  const isTooHigh = (mean: number) =>
    logWealth(
      scores.map((score) => mean - score),
      { bound: 1 - mean, grid },
    ) >= threshold;
  return [lowerEnd(isTooLow), upperEnd(isTooHigh)];
}

function lowerEnd(isTooLow: (mean: number) => boolean): number {
  if (!isTooLow(SMALLEST_MEAN)) return 0;
  const high = 1 - 1e-15;
  return isTooLow(high) ? 1 : bisect({ low: SMALLEST_MEAN, high }, isTooLow);
}

function upperEnd(isTooHigh: (mean: number) => boolean): number {
  if (!isTooHigh(1 - SMALLEST_MEAN)) return 1;
  const low = 1e-15;
  if (isTooHigh(low)) return 0;
  return bisect({ low, high: 1 - SMALLEST_MEAN }, (mean) => !isTooHigh(mean));
}
