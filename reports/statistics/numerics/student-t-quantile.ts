import { requireDomain } from "../domain-error.ts";
import { newtonRoot } from "./newton.ts";
import { tPdf, tSf } from "./student-t.ts";

const LOG_SCALE_BELOW = 0.05;
const DOUBLINGS_MAX = 1100;

/**
 * The value below which a t variable with `df` degrees of freedom falls with probability p.
 * Probability 0 and 1 give the infinities.
 *
 * Bracketed Newton, on the logarithm of the tail where that is below 5 %, else on the tail itself.
 *
 * @example
 * tQuantile(0.975, 10); // 2.2281388519862744
 */
export function tQuantile(p: number, df: number): number {
  requireDomain(p >= 0 && p <= 1, "a probability between 0 and 1", p);
  requireDomain(df > 0 && df < Infinity, "positive finite degrees of freedom", df);
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  if (p === 0.5) return 0;
  return p < 0.5 ? -remembered(p, df) : remembered(1 - p, df);
}

const known = new Map<string, number>();
const KNOWN_MAX = 10_000;

/** Reports and simulations ask for the same few quantiles over and over. */
function remembered(tail: number, df: number): number {
  const key = `${tail}|${df}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const quantile = upperQuantile(tail, df);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, quantile);
  return quantile;
}

function upperQuantile(tail: number, df: number): number {
  const bracket = bracketTail(tail, df);
  return newtonRoot(bracket, (bracket.low + bracket.high) / 2, (x) => {
    const sf = tSf(x, df);
    const pdf = tPdf(x, df);
    return tail < LOG_SCALE_BELOW
      ? { value: Math.log(tail / sf), slope: pdf / sf }
      : { value: tail - sf, slope: pdf };
  });
}

function bracketTail(tail: number, df: number): { readonly low: number; readonly high: number } {
  let low = 0;
  let high = 1;
  for (let count = 0; count < DOUBLINGS_MAX && tSf(high, df) > tail; count += 1) {
    low = high;
    high *= 2;
  }
  return { low, high };
}
