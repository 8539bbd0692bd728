import jstat from "jstat";

import { continuedFraction } from "./continued-fraction.ts";
import { requireDomain } from "./domain-error.ts";
import { deviancePart, stirlingError } from "./log-gamma.ts";
import { LOG_RANGE, newtonRoot } from "./roots.ts";
import { swapTails, tailsFromLogLower, type Tails } from "./tails.ts";

const SERIES_TERMS_MAX = 100_000;

/**
 * The chance that a chi-square variable with `df` degrees of freedom exceeds x.
 *
 * @example
 * chisqSf(3.841458820694124, 1); // 0.05
 */
export function chisqSf(x: number, df: number): number {
  return gammaTails(df / 2, x / 2).upper;
}

/**
 * The value below which a chi-square variable falls with probability p.
 *
 * @example
 * chisqQuantile(0.95, 3); // 7.814727903251179
 */
export function chisqQuantile(p: number, df: number): number {
  requireDomain(p >= 0 && p <= 1, "a probability between 0 and 1", p);
  if (p === 0) return 0;
  if (p === 1) return Infinity;
  return p < 0.5 ? fromLowerTail(Math.log(p), df) : fromUpperTail(Math.log1p(-p), df);
}

/**
 * The value beyond which a chi-square variable falls with probability `tail`, for tails too small
 * to be written as 1 − p.
 *
 * @example
 * chisqUpperQuantile(0.05, 1); // 3.841458820694124
 */
export function chisqUpperQuantile(tail: number, df: number): number {
  requireDomain(tail > 0 && tail <= 1, "a tail probability above 0 and up to 1", tail);
  return tail < 0.5 ? fromUpperTail(Math.log(tail), df) : fromLowerTail(Math.log1p(-tail), df);
}

/** Newton's method on ln x, because few degrees of freedom put quantiles very near 0. */
function fromLowerTail(logTail: number, df: number): number {
  const start = Math.log(jstat.chisquare.inv(Math.exp(logTail), df));
  const logRoot = newtonRoot(LOG_RANGE, start, (logX) => {
    const half = Math.exp(logX) / 2;
    const { logLower } = gammaTails(df / 2, half);
    const slope = Math.exp(logGammaFront(df / 2, half) - logLower);
    return { value: logLower - logTail, slope };
  });
  return Math.exp(logRoot);
}

/**
 * Newton's method on x, in which the logarithm of the upper tail is nearly linear.
 *
 * Source of the upper end: Laurent & Massart, Ann Stat 2000;28:1302, lemma 1.
 */
function fromUpperTail(logTail: number, df: number): number {
  const high = df + 2 * Math.sqrt(-df * logTail) - 2 * logTail;
  const start = jstat.chisquare.inv(-Math.expm1(logTail), df);
  return newtonRoot({ low: 0, high }, start, (x) => {
    const { logUpper } = gammaTails(df / 2, x / 2);
    const slope = Math.exp(logGammaFront(df / 2, x / 2) - logUpper) / x;
    return { value: logTail - logUpper, slope };
  });
}

/**
 * The regularised incomplete gamma function: the chance that a Gamma(a, 1) variable is below, and
 * above, x. Power series below a + 1, continued fraction above, with the saddle-point front factor.
 *
 * Source: Abramowitz & Stegun 6.5.29 and 6.5.31; Loader 2000.
 */
function gammaTails(a: number, x: number): Tails {
  requireDomain(a > 0 && a < Infinity, "positive finite degrees of freedom", 2 * a);
  requireDomain(!Number.isNaN(x), "a number as the argument of the chi-square distribution", x);
  if (x <= 0) return tailsFromLogLower(-Infinity);
  if (x === Infinity) return swapTails(tailsFromLogLower(-Infinity));
  if (x < a + 1) return tailsFromLogLower(logGammaFront(a, x) + Math.log(series(a, x) / a));
  const fraction = continuedFraction(
    (index) => (index === 1 ? 1 : (index - 1) * (a - (index - 1))),
    (index) => x + 2 * (index - 1) + 1 - a,
  );
  return swapTails(tailsFromLogLower(logGammaFront(a, x) + Math.log(fraction)));
}

/** ln[xᵃ e⁻ˣ / Γ(a)], the logarithm of the density of ln X for X ~ Gamma(a, 1). */
function logGammaFront(a: number, x: number): number {
  return 0.5 * Math.log(a / (2 * Math.PI)) - stirlingError(a) - deviancePart(a, x);
}

function series(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let index = 1; index < SERIES_TERMS_MAX; index += 1) {
    term *= x / (a + index);
    sum += term;
    if (term < 1e-17 * sum) break;
  }
  return sum;
}
