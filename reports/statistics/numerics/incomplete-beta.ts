import { requireDomain } from "../domain-error.ts";
import { continuedFraction } from "./continued-fraction.ts";
import { deviancePart } from "./deviance-part.ts";
import { stirlingError } from "./log-gamma.ts";
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

/** As {@link betaReg}, for callers that know 1 − x more precisely than the subtraction would. */
export function betaTails(point: { readonly x: number; readonly y: number }, a: number, b: number) {
  requireDomain(a > 0 && a < Infinity, "a positive finite a in betaReg", a);
  requireDomain(b > 0 && b < Infinity, "a positive finite b in betaReg", b);
  const { x, y } = point;
  if (x <= 0) return tailsFromLogLower(-Infinity);
  if (y <= 0) return swapTails(tailsFromLogLower(-Infinity));
  if (x < (a + 1) / (a + b + 2)) return tailsFromLogLower(logLowerTail(point, a, b));
  return swapTails(tailsFromLogLower(logLowerTail({ x: y, y: x }, b, a)));
}

function logLowerTail(
  point: { readonly x: number; readonly y: number },
  a: number,
  b: number,
): number {
  const fraction = continuedFraction(partialNumerators(point.x, a, b), one);
  return logFrontFactor(point, a, b) + Math.log(fraction / a);
}

/** ln[xᵃ yᵇ / B(a, b)] in saddle-point form, an identity for every positive a and b. */
function logFrontFactor(
  point: { readonly x: number; readonly y: number },
  a: number,
  b: number,
): number {
  const n = a + b;
  const saddle = stirlingError(n) - stirlingError(a) - stirlingError(b);
  const deviance = deviancePart(a, n * point.x) + deviancePart(b, n * point.y);
  return saddle - deviance + 0.5 * Math.log((a * (b / n)) / (2 * Math.PI));
}

function one(): number {
  return 1;
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
