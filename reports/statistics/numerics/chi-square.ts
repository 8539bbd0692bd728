import { requireDomain } from "../domain-error.ts";
import { gammaTails, logGammaFront } from "./incomplete-gamma.ts";
import { newtonRoot } from "./newton.ts";

const HALVINGS_MAX = 4000;

/**
 * The chance that a chi-square variable with `df` degrees of freedom exceeds x.
 *
 * @example
 * chisqSf(3.841458820694124, 1); // 0.05
 */
export function chisqSf(x: number, df: number): number {
  return gammaTails(df / 2, x / 2).upper;
}

/**
 * The value below which a chi-square variable falls with probability p.
 *
 * @example
 * chisqQuantile(0.95, 3); // 7.814727903251179
 */
export function chisqQuantile(p: number, df: number): number {
  requireDomain(p >= 0 && p <= 1, "a probability between 0 and 1", p);
  if (p === 0) return 0;
  if (p === 1) return Infinity;
  return p < 0.5
    ? quantileOf("logLower", Math.log(p), df)
    : quantileOf("logUpper", Math.log1p(-p), df);
}

/**
 * The value beyond which a chi-square variable falls with probability `tail`, for tails too small
 * to be written as 1 − p.
 *
 * @example
 * chisqUpperQuantile(0.05, 1); // 3.841458820694124
 */
export function chisqUpperQuantile(tail: number, df: number): number {
  requireDomain(tail > 0 && tail <= 1, "a tail probability above 0 and up to 1", tail);
  return tail < 0.5
    ? quantileOf("logUpper", Math.log(tail), df)
    : quantileOf("logLower", Math.log1p(-tail), df);
}

/** Newton on ln x against the logarithm of the chosen tail, so that no tail is too small. */
function quantileOf(side: "logLower" | "logUpper", logTail: number, df: number): number {
  const sign = side === "logLower" ? 1 : -1;
  const excess = (logX: number) => sign * (gammaTails(df / 2, Math.exp(logX) / 2)[side] - logTail);
  const bracket = bracketRoot(excess, Math.log(df));
  const logRoot = newtonRoot(bracket, (bracket.low + bracket.high) / 2, (logX) => {
    const tails = gammaTails(df / 2, Math.exp(logX) / 2);
    const logDensityOfLog = logGammaFront(df / 2, Math.exp(logX) / 2);
    return {
      value: sign * (tails[side] - logTail),
      slope: Math.exp(logDensityOfLog - tails[side]),
    };
  });
  return Math.exp(logRoot);
}

function bracketRoot(excess: (x: number) => number, start: number) {
  let low = start;
  let high = start;
  for (let step = 1; step < HALVINGS_MAX && excess(low) > 0 && low > -745; step += 1) low -= step;
  for (let step = 1; step < HALVINGS_MAX && excess(high) < 0; step += 1) high += 0.5;
  return { low, high };
}
