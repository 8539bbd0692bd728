import { bisect } from "../bisection.ts";
import type { Interval } from "../t-interval.ts";
import { tMixtureLogE, type MixtureEvidence } from "./t-mixture.ts";

const DOUBLINGS_MAX = 200;

/** How sure, and with which prior precision. */
export interface SequenceLevel {
  readonly alpha: number;
  readonly g: number;
}

/**
 * The two-sided 1 − alpha interval for the effect that holds at every look at once: all null values
 * that the two-sided e-value does not refute. The whole line where too little is known.
 *
 * Assumes normal errors. The current set; not intersected with earlier ones.
 *
 * Source: Lindon, Ham, Tingley & Bojinov, arXiv:2210.08589.
 *
 * @example
 * tConfidenceSequence({ estimate: 1, sd: 0, nEff: 6, df: 4 }, { alpha: 0.05, g: 1 }); // 1 to 1
 */
export function tConfidenceSequence(evidence: MixtureEvidence, level: SequenceLevel): Interval {
  const { estimate, sd, nEff, df } = evidence;
  const everything = { lower: -Infinity, upper: Infinity };
  if (df < 1 || nEff <= 0) return everything;
  const shrinkage = level.g / (level.g + nEff);
  const k = Math.exp((2 / (df + 1)) * (-0.5 * Math.log(shrinkage) - Math.log(level.alpha)));
  if (k * shrinkage >= 1) return everything;
  const half = sd * Math.sqrt((df * (k - 1)) / ((1 - k * shrinkage) * nEff));
  return { lower: estimate - half, upper: estimate + half };
}

/**
 * The one-sided 1 − alpha lower bound that holds at every look at once: the largest null value that
 * the one-sided e-value refutes. −Infinity where it refutes none.
 */
export function tLowerBound(evidence: MixtureEvidence, level: SequenceLevel): number {
  const { estimate, sd, nEff, df } = evidence;
  if (df < 1 || nEff <= 0) return -Infinity;
  const isRefuted = (distance: number) => {
    const shifted = { estimate: distance, sd, nEff, df };
    const { greater } = tMixtureLogE(shifted, { nullValue: 0, g: level.g });
    return greater >= -Math.log(level.alpha);
  };
  if (sd === 0) return isRefuted(1) ? estimate : -Infinity;
  let high = sd;
  let count = 0;
  while (count < DOUBLINGS_MAX && !isRefuted(high)) {
    high *= 2;
    count += 1;
  }
  if (count === DOUBLINGS_MAX) return -Infinity;
  return estimate - bisect({ low: 0, high }, (distance) => !isRefuted(distance));
}
