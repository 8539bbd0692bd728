import jstat from "jstat";

import { continuedFraction } from "./continued-fraction.ts";
import { requireDomain } from "./domain-error.ts";
import { newtonRoot } from "./roots.ts";

const SERIES_BELOW = 3;
/** Below this z the upper tail is 1 to rounding. */
const NO_LOWER_TAIL = -8.5;
const SERIES_TERMS_MAX = 200;
/** The upper tail of every z beyond this is below the smallest number. */
const FARTHEST = 40;
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * The standard normal density φ(z).
 *
 * @example
 * normPdf(0); // 0.3989422804014327
 */
export function normPdf(z: number): number {
  return Math.exp(-0.5 * z * z - HALF_LOG_TWO_PI);
}

/**
 * The standard normal distribution function: the chance of a value at or below z.
 *
 * @example
 * normCdf(1.959963984540054); // 0.975
 */
export function normCdf(z: number): number {
  return normSf(-z);
}

/**
 * The upper tail of the standard normal distribution, to full relative precision far out.
 *
 * Below 3 by the power series of the central part, from 3 on by the continued fraction of Mills'
 * ratio.
 *
 * Source: Abramowitz & Stegun 26.2.11 and 26.2.14.
 *
 * @example
 * normSf(6); // 9.865876450376981e-10
 */
export function normSf(z: number): number {
  if (z < NO_LOWER_TAIL) return 1;
  if (z < 0) return 1 - normSf(-z);
  if (z < SERIES_BELOW) return 0.5 - centralPart(z);
  return Math.exp(logNormSf(z));
}

/**
 * The logarithm of the upper tail, finite even if the tail itself is below the smallest number.
 *
 * @example
 * logNormSf(40); // −804.6084420137538
 */
export function logNormSf(z: number): number {
  if (z < SERIES_BELOW) return Math.log(normSf(z));
  if (z === Infinity) return -Infinity;
  const mills = continuedFraction(
    (index) => Math.max(1, index - 1),
    () => z,
  );
  return -0.5 * z * z - HALF_LOG_TWO_PI + Math.log(mills);
}

function centralPart(z: number): number {
  let term = z;
  let sum = z;
  for (let index = 1; index < SERIES_TERMS_MAX; index += 1) {
    term *= (z * z) / (2 * index + 1);
    sum += term;
    if (term < 1e-17 * sum) break;
  }
  return normPdf(z) * sum;
}

/**
 * The z below which a standard normal value falls with probability p. Probability 0 and 1 give the
 * infinities.
 *
 * Solved by Newton's method on the logarithm of the smaller tail.
 *
 * @example
 * normQuantile(0.975); // 1.959963984540054
 */
export function normQuantile(p: number): number {
  requireDomain(p >= 0 && p <= 1, "a probability between 0 and 1", p);
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  if (p === 0.5) return 0;
  return p < 0.5 ? -upperQuantile(p) : upperQuantile(1 - p);
}

function upperQuantile(tail: number): number {
  const logTail = Math.log(tail);
  return newtonRoot({ low: 0, high: FARTHEST }, -jstat.normal.inv(tail, 0, 1), (z) => ({
    value: logTail - logNormSf(z),
    slope: hazard(z),
  }));
}

/** φ(z) / (1 − Φ(z)), how fast the log tail falls. */
function hazard(z: number): number {
  const tail = normSf(z);
  return tail > 0 ? normPdf(z) / tail : z;
}
