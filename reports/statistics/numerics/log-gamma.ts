import { requireDomain } from "./domain-error.ts";

const SHIFT_TO = 15;
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156];
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * The natural logarithm of the gamma function, for positive arguments.
 *
 * Shifts the argument up to 15 or more, sums seven terms of Stirling's series there, and takes the
 * logarithm of the product of the shifts away again. Absolute error below 1e-13 for moderate x.
 *
 * Source: Abramowitz & Stegun 6.1.40.
 *
 * @example
 * lgamma(5); // ln 24 = 3.1780538303479458
 */
export function lgamma(x: number): number {
  requireDomain(x > 0, "a positive argument of lgamma", x);
  if (x === Infinity) return Infinity;
  // Exactly 0, because counts of zero must weigh nothing.
  if (x === 1 || x === 2) return 0;
  let product = 1;
  let shifted = x;
  while (shifted < SHIFT_TO) {
    product *= shifted;
    shifted += 1;
  }
  const stirling = (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI;
  return stirling + stirlingSeries(shifted) - Math.log(product);
}

/** The logarithm of the chance of k successes in n independent trials of chance p each. */
export function logBinomialChance(k: number, n: number, p: number): number {
  const logCount = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
  return logCount + k * Math.log(p) + (n - k) * Math.log1p(-p);
}

/**
 * What Stirling's formula misses: ln Γ(x + 1) − [(x + ½) ln x − x + ½ ln 2π].
 *
 * Saddle-point densities are built from it, because it stays small where ln Γ itself is huge.
 *
 * Source: Loader, Fast and Accurate Computation of Binomial Probabilities, 2000 (`stirlerr`).
 *
 * @example
 * stirlingError(1); // 0.08106146679532726
 */
export function stirlingError(x: number): number {
  if (x >= SHIFT_TO) return stirlingSeries(x);
  return lgamma(x + 1) - (x + 0.5) * Math.log(x) + x - HALF_LOG_TWO_PI;
}

function stirlingSeries(x: number): number {
  const inverseSquare = 1 / (x * x);
  return STIRLING.reduceRight((sum, term) => sum * inverseSquare + term, 0) / x;
}

const SERIES_TERMS_MAX = 1000;

/**
 * The deviance part x ln(x / m) + m − x of a binomial or Poisson probability, without cancellation
 * if x is near m.
 *
 * Source: Loader, Fast and Accurate Computation of Binomial Probabilities, 2000 (`bd0`).
 *
 * @example
 * deviancePart(3, 2); // 3 ln 1.5 − 1 = 0.21639532432449306
 */
export function deviancePart(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  const ratio = difference / (x + mean);
  let sum = difference * ratio;
  let power = 2 * x * ratio;
  for (let term = 1; term < SERIES_TERMS_MAX; term += 1) {
    power *= ratio * ratio;
    const next = sum + power / (2 * term + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
