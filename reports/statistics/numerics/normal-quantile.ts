import { requireDomain } from "../domain-error.ts";
import { newtonRoot } from "./newton.ts";
import { logNormSf, normPdf, normSf } from "./normal.ts";

const FARTHEST = 40;

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
  return newtonRoot({ low: 0, high: FARTHEST }, firstGuess(tail), (z) => ({
    value: logTail - logNormSf(z),
    slope: hazard(z),
  }));
}

/** To 4.5e-4: Abramowitz & Stegun 26.2.23. */
function firstGuess(tail: number): number {
  const t = Math.sqrt(-2 * Math.log(tail));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return Math.max(0, t - numerator / denominator);
}

/** φ(z) / (1 − Φ(z)), how fast the log tail falls. */
function hazard(z: number): number {
  const tail = normSf(z);
  return tail > 0 ? normPdf(z) / tail : z;
}
