import { requireDomain } from "../domain-error.ts";
import { continuedFraction } from "./continued-fraction.ts";
import { deviancePart } from "./deviance-part.ts";
import { stirlingError } from "./log-gamma.ts";
import { swapTails, tailsFromLogLower, type Tails } from "./tails.ts";

const SERIES_TERMS_MAX = 100_000;

/**
 * The regularised incomplete gamma function: the chance that a Gamma(a, 1) variable is below, and
 * above, x. Chi-square tails are special cases.
 *
 * Power series below a + 1, continued fraction above, with the saddle-point front factor.
 *
 * Source: Abramowitz & Stegun 6.5.29 and 6.5.31; Loader 2000.
 *
 * @example
 * gammaTails(1, 2).upper; // e⁻² = 0.1353352832366127
 */
export function gammaTails(a: number, x: number): Tails {
  requireDomain(a > 0 && a < Infinity, "a positive finite shape", a);
  requireDomain(!Number.isNaN(x), "a number as the argument of the gamma distribution", x);
  if (x <= 0) return tailsFromLogLower(-Infinity);
  if (x === Infinity) return swapTails(tailsFromLogLower(-Infinity));
  if (x < a + 1) return tailsFromLogLower(logGammaFront(a, x) + Math.log(series(a, x) / a));
  const fraction = continuedFraction(
    (index) => (index === 1 ? 1 : (index - 1) * (a - (index - 1))),
    (index) => x + 2 * (index - 1) + 1 - a,
  );
  return swapTails(tailsFromLogLower(logGammaFront(a, x) + Math.log(fraction)));
}

/** ln[xᵃ e⁻ˣ / Γ(a)], the density of ln X for X ~ Gamma(a, 1). */
export function logGammaFront(a: number, x: number): number {
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
