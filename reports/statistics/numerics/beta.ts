import jstat from "jstat";

import { continuedFraction } from "./continued-fraction.ts";
import { requireDomain } from "./domain-error.ts";
import { deviancePart, lgamma, stirlingError } from "./log-gamma.ts";
import { LOG_RANGE, newtonRoot } from "./roots.ts";
import { swapTails, tailsFromLogLower, type Tails } from "./tails.ts";

/**
 * The regularised incomplete beta function Iₓ(a, b) as both tails: `lower` = Iₓ(a, b) and `upper` =
 * 1 − Iₓ(a, b), neither formed by subtracting a nearly equal number from 1.
 *
 * Answers: how likely is a Beta(a, b) variable below, or above, x? The t, F and binomial tails are
 * special cases.
 *
 * Source: Abramowitz & Stegun 26.5.8 (continued fraction); Loader 2000 (front factor).
 *
 * @example
 * betaReg(0.5, 2, 3).lower; // 0.6875
 */
export function betaReg(x: number, a: number, b: number): Tails {
  requireDomain(x >= 0 && x <= 1, "x between 0 and 1 in betaReg", x);
  return betaTails({ x, y: 1 - x }, a, b);
}

/** A point with its distance from 1: y = 1 − x. */
interface UnitPoint {
  readonly x: number;
  readonly y: number;
}

/** As {@link betaReg}, for callers that know 1 − x more precisely than the subtraction would. */
export function betaTails(point: UnitPoint, a: number, b: number): Tails {
  requireShape(a, b);
  const { x, y } = point;
  if (x <= 0) return tailsFromLogLower(-Infinity);
  if (y <= 0) return swapTails(tailsFromLogLower(-Infinity));
  if (x < (a + 1) / (a + b + 2)) return tailsFromLogLower(logLowerTail(point, a, b));
  return swapTails(tailsFromLogLower(logLowerTail({ x: y, y: x }, b, a)));
}

function requireShape(a: number, b: number): void {
  requireDomain(a > 0 && a < Infinity, "a positive finite a of a beta distribution", a);
  requireDomain(b > 0 && b < Infinity, "a positive finite b of a beta distribution", b);
}

function logLowerTail(point: UnitPoint, a: number, b: number): number {
  const fraction = continuedFraction(partialNumerators(point.x, a, b), () => 1);
  return logFrontFactor(point, a, b) + Math.log(fraction / a);
}

/** ln[xᵃ yᵇ / B(a, b)] in saddle-point form, an identity for every positive a and b. */
function logFrontFactor({ x, y }: UnitPoint, a: number, b: number): number {
  const n = a + b;
  const saddle = stirlingError(n) - stirlingError(a) - stirlingError(b);
  const deviance = deviancePart(a, n * x) + deviancePart(b, n * y);
  return saddle - deviance + 0.5 * Math.log((a * (b / n)) / (2 * Math.PI));
}

function partialNumerators(x: number, a: number, b: number): (index: number) => number {
  return (index) => {
    if (index === 1) return 1;
    const m = (index - 1) >> 1;
    const place = a + 2 * m;
    return index % 2 === 1
      ? (m * (b - m) * x) / ((place - 1) * place)
      : (-(a + m) * (a + b + m) * x) / (place * (place + 1));
  };
}

/**
 * The value below which a Beta(a, b) variable falls with probability p: the exact (Clopper–Pearson)
 * limits of a share are such quantiles.
 *
 * @example
 * betaQuantile(0.5, 2, 3); // 0.38572756813238945
 */
export function betaQuantile(p: number, a: number, b: number): number {
  requireDomain(p >= 0 && p <= 1, "a probability between 0 and 1", p);
  requireShape(a, b);
  if (p === 0) return 0;
  if (p === 1) return 1;
  // A quantile above ½ is measured from the other end, so that it keeps its distance from 1.
  if (betaReg(0.5, a, b).lower >= p) return quantileUpToHalf(Math.log(p), a, b);
  return 1 - quantileUpToHalf(Math.log1p(-p), b, a);
}

/**
 * The x up to ½ whose lower tail has this logarithm. Newton's method on ln x, because quantiles of
 * small shapes lie many orders of magnitude below 1.
 */
function quantileUpToHalf(logTail: number, a: number, b: number): number {
  const logBeta = lgamma(a) + lgamma(b) - lgamma(a + b);
  const bracket = { low: LOG_RANGE.low, high: Math.log(0.5) };
  const start = Math.log(jstat.beta.inv(Math.exp(logTail), a, b));
  const logRoot = newtonRoot(bracket, start, (logX) => {
    const x = Math.exp(logX);
    const { logLower } = betaReg(x, a, b);
    const logDensityOfLog = a * logX + (b - 1) * Math.log1p(-x) - logBeta;
    return { value: logLower - logTail, slope: Math.exp(logDensityOfLog - logLower) };
  });
  return Math.exp(logRoot);
}
