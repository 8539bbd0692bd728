import jstat from "jstat";

import { betaTails } from "./beta.ts";
import { requireDomain } from "./domain-error.ts";
import { deviancePart, lgamma, stirlingError } from "./log-gamma.ts";
import { remember } from "./remember.ts";
import { LOG_RANGE, newtonRoot } from "./roots.ts";
import { swapTails, tailsFromLogLower, type Tails } from "./tails.ts";

const LOG_HALF = Math.log(0.5);
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
/** Beyond this |x|/√df squares overflow, and the leading term of the tail is exact to rounding. */
const FAR_OUT = 1e140;

/**
 * The density of Student's t distribution with `df` degrees of freedom, in saddle-point form.
 *
 * Source: Loader 2000.
 *
 * @example
 * tPdf(0, 3); // 0.36755259694786135
 */
export function tPdf(x: number, df: number): number {
  requireFreedom(df);
  if (!Number.isFinite(x)) return 0;
  const constant =
    stirlingError((df + 1) / 2) - stirlingError(df / 2) - deviancePart(df / 2, (df + 1) / 2);
  const squareOverDf = (x / df) * x;
  const logSpread =
    squareOverDf < 1 / Number.EPSILON ** 2
      ? Math.log1p(squareOverDf) / 2
      : Math.log(Math.abs(x)) - Math.log(df) / 2;
  const exponent =
    squareOverDf > 0.2 ? df * logSpread : (x * x) / 2 - deviancePart(df / 2, (df + x * x) / 2);
  return Math.exp(constant - exponent - HALF_LOG_TWO_PI - logSpread);
}

/**
 * The chance that a t variable with `df` degrees of freedom is at or below x.
 *
 * @example
 * tCdf(2, 10); // 0.9633059826146299
 */
export function tCdf(x: number, df: number): number {
  return tTails(x, df).lower;
}

/**
 * The chance that a t variable with `df` degrees of freedom exceeds x, to full relative precision
 * far out.
 *
 * @example
 * tSf(2, 10); // 0.03669401738537018
 */
export function tSf(x: number, df: number): number {
  return tTails(x, df).upper;
}

/**
 * The logarithm of the t distribution function, finite even if the tail underflows.
 *
 * @example
 * logTCdf(-1000, 200); // −855.3085653532561
 */
export function logTCdf(x: number, df: number): number {
  return tTails(x, df).logLower;
}

function tTails(x: number, df: number): Tails {
  requireFreedom(df);
  requireDomain(!Number.isNaN(x), "a number as the argument of the t distribution", x);
  return x < 0 ? tailsFromLogLower(logTail(-x, df)) : swapTails(tailsFromLogLower(logTail(x, df)));
}

/** ln P(T > x) for x ≥ 0: half the chance that a Beta(df/2, ½) variable is below df/(df + x²). */
function logTail(x: number, df: number): number {
  if (x === Infinity) return -Infinity;
  const scaled = x / Math.sqrt(df);
  if (scaled > FAR_OUT) return logFarTail(scaled, df);
  const square = scaled * scaled;
  const point = { x: 1 / (1 + square), y: square / (1 + square) };
  return LOG_HALF + betaTails(point, df / 2, 0.5).logLower;
}

function logFarTail(scaled: number, df: number): number {
  const logBeta = lgamma(df / 2) + lgamma(0.5) - lgamma((df + 1) / 2);
  return LOG_HALF - df * Math.log(scaled) - Math.log(df / 2) - logBeta;
}

function requireFreedom(df: number): void {
  requireDomain(df > 0 && df < Infinity, "positive finite degrees of freedom", df);
}

/**
 * The value below which a t variable with `df` degrees of freedom falls with probability p.
 * Probability 0 and 1 give the infinities.
 *
 * Solved by Newton's method on the logarithm of the smaller tail.
 *
 * @example
 * tQuantile(0.975, 10); // 2.2281388519862744
 */
export function tQuantile(p: number, df: number): number {
  requireDomain(p >= 0 && p <= 1, "a probability between 0 and 1", p);
  requireFreedom(df);
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  if (p === 0.5) return 0;
  return p < 0.5 ? -rememberedQuantile(p, df) : rememberedQuantile(1 - p, df);
}

/** Reports and simulations ask for the same few quantiles over and over. */
const rememberedQuantile = remember(upperQuantile);

/** On ln x, because far tails of few degrees of freedom lie hundreds of orders of magnitude out. */
function upperQuantile(tail: number, df: number): number {
  const target = Math.log(tail);
  const start = Math.log(-jstat.studentt.inv(tail, df));
  const logRoot = newtonRoot(LOG_RANGE, start, (logX) => {
    const x = Math.exp(logX);
    const { upper, logUpper } = tTails(x, df);
    return { value: target - logUpper, slope: (x * tPdf(x, df)) / upper };
  });
  return Math.exp(logRoot);
}
