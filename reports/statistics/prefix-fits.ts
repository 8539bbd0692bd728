import type { MixtureEvidence } from "./anytime/t-mixture.ts";
import { zeroIfNoiseOf } from "./spread.ts";

const SINGULAR = 1e-12;

/** The fit of every prefix of the data, from the first. */
export type PrefixFits = readonly (MixtureEvidence | null)[];

/**
 * The period-adjusted fit of every prefix of the data, as `fitPeriodAdjusted` gives it for each one:
 * what the evidence was at every look. Null where a prefix has no residual degrees of freedom or
 * one sequence only.
 *
 * Keeps running sums and goes over the residuals of each prefix anew, so that rounding does not add
 * up over thousands of looks.
 */
export function fitPrefixes(d: readonly number[], z: readonly number[]): PrefixFits {
  const sums = { n: 0, z: 0, zz: 0, d: 0, zd: 0, largest: 0 };
  return d.map((value, index) => {
    const sign = z[index] ?? 0;
    sums.n += 1;
    sums.z += sign;
    sums.zz += sign * sign;
    sums.d += value;
    sums.zd += sign * value;
    sums.largest = Math.max(sums.largest, Math.abs(value));
    return fitSums(sums, (effect) => residualSquares(d, z, { ...effect, count: index + 1 }));
  });
}

interface RunningSums {
  readonly n: number;
  readonly z: number;
  readonly zz: number;
  readonly d: number;
  readonly zd: number;
  readonly largest: number;
}

interface Effect {
  readonly estimate: number;
  readonly period: number;
}

function fitSums(
  { n, z, zz, d, zd, largest }: RunningSums,
  squaresOf: (effect: Effect) => number,
): MixtureEvidence | null {
  const hasPeriod = zz > 0;
  const determinant = n * zz - z * z;
  if (hasPeriod && determinant <= SINGULAR * n * zz) return null;
  const df = hasPeriod ? n - 2 : n - 1;
  if (df < 1) return null;
  const estimate = hasPeriod ? (zz * d - z * zd) / determinant : d / n;
  const period = hasPeriod ? (n * zd - z * d) / determinant : 0;
  const sd = zeroIfNoiseOf(Math.sqrt(squaresOf({ estimate, period }) / df), largest);
  return { estimate, sd, nEff: hasPeriod ? n - (z * z) / zz : n, df };
}

function residualSquares(
  d: readonly number[],
  z: readonly number[],
  { estimate, period, count }: Effect & { readonly count: number },
): number {
  let squares = 0;
  for (let index = 0; index < count; index += 1) {
    const residual = (d[index] ?? 0) - estimate - period * (z[index] ?? 0);
    squares += residual * residual;
  }
  return squares;
}
