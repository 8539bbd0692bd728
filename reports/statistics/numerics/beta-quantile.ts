import { requireDomain } from "../domain-error.ts";
import { betaReg } from "./incomplete-beta.ts";
import { lgamma } from "./log-gamma.ts";
import { newtonRoot, type ValueAndSlope } from "./newton.ts";

interface Shape {
  readonly a: number;
  readonly b: number;
}

/**
 * The value below which a Beta(a, b) variable falls with probability p: the exact (Clopper–Pearson)
 * limits of a share are such quantiles.
 *
 * Bracketed Newton on the smaller tail, on its logarithm where it is below 5 %.
 *
 * @example
 * betaQuantile(0.5, 2, 3); // 0.38572756813238945
 */
export function betaQuantile(p: number, a: number, b: number): number {
  requireDomain(p >= 0 && p <= 1, "a probability between 0 and 1", p);
  requireDomain(a > 0 && a < Infinity, "a positive finite a in betaQuantile", a);
  requireDomain(b > 0 && b < Infinity, "a positive finite b in betaQuantile", b);
  if (p === 0) return 0;
  if (p === 1) return 1;
  // The half in which the quantile lies decides from which end it is measured, so that a quantile
  // near 1 keeps its distance from 1.
  if (betaReg(0.5, a, b).lower >= p) return solve((x) => atLower(x, p, { a, b }));
  return 1 - solve((y) => atUpper(y, p, { a: b, b: a }));
}

/** Solves on ln x, because quantiles of small shapes lie many orders of magnitude below 1. */
function solve(evaluate: (x: number) => ValueAndSlope): number {
  const bracket = { low: Math.log(Number.MIN_VALUE), high: Math.log(0.5) };
  const logRoot = newtonRoot(bracket, Math.log(0.25), (logX) => {
    const x = Math.exp(logX);
    const { value, slope } = evaluate(x);
    return { value, slope: slope * x };
  });
  return Math.exp(logRoot);
}

function atLower(x: number, p: number, shape: Shape): ValueAndSlope {
  const { lower, logLower } = betaReg(x, shape.a, shape.b);
  const density = betaDensity(x, shape);
  return p < 0.05
    ? { value: logLower - Math.log(p), slope: density / lower }
    : { value: lower - p, slope: density };
}

/** The same from the other end: the lower tail of the mirrored variable must be 1 − p. */
function atUpper(y: number, p: number, mirrored: Shape): ValueAndSlope {
  const { lower, upper, logLower } = betaReg(y, mirrored.a, mirrored.b);
  const density = betaDensity(y, mirrored);
  return p > 0.95
    ? { value: logLower - Math.log1p(-p), slope: density / lower }
    : { value: p - upper, slope: density };
}

function betaDensity(x: number, { a, b }: Shape): number {
  const logBeta = lgamma(a) + lgamma(b) - lgamma(a + b);
  return Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta);
}
