import { requireDomain } from "../domain-error.ts";

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
  // Exact where the answer is: counts of zero must weigh nothing.
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
