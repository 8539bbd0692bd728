import { continuedFraction } from "./continued-fraction.ts";

const SERIES_BELOW = 3;
/** Below this the lower tail is lost in rounding. */
const NO_LOWER_TAIL = -8.5;
const SERIES_TERMS_MAX = 200;
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
 * The logarithm of the upper tail, finite where the tail itself is below the smallest number.
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
