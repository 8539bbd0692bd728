import type { MixtureEvidence } from "../core/period-adjusted-fit.ts";
import { differenceBeyondRounding, type Interval } from "../core/t-inference.ts";
import { requireDomain } from "../numerics/domain-error.ts";
import { bisect, doubleWhile } from "../numerics/roots.ts";
import { logTCdf } from "../numerics/student-t.ts";

const DOUBLINGS_MAX = 200;

/** The null value and the precision of the prior on effect / sd. */
export interface MixtureNull {
  readonly nullValue: number;
  readonly g: number;
}

/** Natural logarithms of e-values, in three directions. */
export interface MixtureLogE {
  /** Against "the effect is at most the null value". */
  readonly greater: number;
  /** Against "the effect is at least the null value". */
  readonly less: number;
  readonly twoSided: number;
}

const NO_EVIDENCE: MixtureLogE = { greater: 0, less: 0, twoSided: 0 };

/**
 * How strongly do the data speak against a null effect, at any time of looking? The t-mixture
 * e-value: the likelihood ratio of the t statistic, averaged over a half-normal prior (one-sided) or
 * a normal prior (two-sided) on effect / sd.
 *
 * For normal errors, whatever their variance and the period effect, it ever reaches 1/alpha with
 * probability at most alpha under the null hypothesis, however often you look. Never multiply or
 * average e-values of different metrics.
 *
 * Source: Lindon, Ham, Tingley & Bojinov, arXiv:2210.08589; Wang & Ramdas, arXiv:2310.03722.
 *
 * @example
 * tMixtureLogE({ estimate: 1, sd: 0.5, nEff: 8, df: 6 }, { nullValue: 0, g: 1 }).greater; // 4.424861019256022
 */
export function tMixtureLogE(
  { estimate, sd, nEff, df }: MixtureEvidence,
  { nullValue, g }: MixtureNull,
): MixtureLogE {
  requireDomain(g > 0 && g < Infinity, "a positive prior precision g", g);
  if (df < 1 || nEff <= 0) return NO_EVIDENCE;
  const difference =
    sd === 0 ? differenceBeyondRounding(estimate, nullValue) : estimate - nullValue;
  if (sd === 0 && difference === 0) return NO_EVIDENCE;
  const shrinkage = g / (g + nEff);
  const u = sd === 0 ? Infinity : ((difference / sd) * (difference / sd) * nEff) / df;
  const logGain = u === Infinity ? -Math.log(shrinkage) : Math.log1p(u) - Math.log1p(shrinkage * u);
  const share = u === Infinity ? 1 - shrinkage : ((1 - shrinkage) * u) / (1 + u);
  const logM = 0.5 * Math.log(shrinkage) + ((df + 1) / 2) * logGain;
  // The t value whose tail makes the two-sided e-value one-sided.
  const t = Math.sign(difference) * Math.sqrt(df + 1) * Math.sqrt(share / (1 - share));
  return {
    greater: Math.LN2 + logM + logTCdf(t, df + 1),
    less: Math.LN2 + logM + logTCdf(-t, df + 1),
    twoSided: logM,
  };
}

/** How sure, and with which prior precision. */
export interface SequenceLevel {
  readonly alpha: number;
  readonly g: number;
}

/**
 * The two-sided 1 − alpha interval for the effect that holds at every look at once: all null values
 * that the two-sided e-value does not refute. The whole line if too little is known.
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
 * the one-sided e-value refutes. −Infinity if it refutes none.
 */
export function tLowerBound(evidence: MixtureEvidence, level: SequenceLevel): number {
  const { estimate, sd, nEff, df } = evidence;
  if (df < 1 || nEff <= 0) return -Infinity;
  const isPossible = (distance: number) => {
    const shifted = { estimate: distance, sd, nEff, df };
    const { greater } = tMixtureLogE(shifted, { nullValue: 0, g: level.g });
    return greater < -Math.log(level.alpha);
  };
  if (sd === 0) return isPossible(1) ? -Infinity : estimate;
  const high = doubleWhile(sd, isPossible, DOUBLINGS_MAX);
  if (high === null) return -Infinity;
  return estimate - bisect({ low: 0, high }, isPossible);
}
