import { mean, sum } from "simple-statistics";

import { GrowingResults, type Step } from "./growing-results.ts";
import { sampleSpread, zeroIfNoise, zeroIfNoiseOf } from "./spread.ts";

const SINGULAR = 1e-12;

/** The effect of A over B, freed from the effect of the period. */
export interface PeriodAdjustedFit {
  readonly n: number;
  readonly estimate: number;
  /** Effect of period 1 over period 2; null if it is not in the model. */
  readonly period: number | null;
  readonly periodSe: number | null;
  readonly df: number;
  /** The number of pairs a balanced design would need for the same precision. */
  readonly nEff: number;
  /** Residual standard deviation; null without residual degrees of freedom. */
  readonly sd: number | null;
  /** Standard error of the estimate; null without residual degrees of freedom. */
  readonly se: number | null;
  readonly residuals: readonly number[];
}

/**
 * Fits d = τ + π·z by least squares. z is +1 for features that met A first, −1 for those that met B
 * first, and a value between for features measured in both orders.
 *
 * With every z = ±1 the estimate is the plain mean of both sequences' means, so an unequal split
 * does not bias it. If every z is 0, π is dropped. The result is null if only one sequence is
 * present: effect and period are then one and the same.
 *
 * Source: Grizzle, Biometrics 1965;21:467; Senn, Cross-over Trials in Clinical Research, 2002, ch. 3.
 *
 * @example
 * fitPeriodAdjusted([1, 3], [1, -1]); // estimate 2, period −1, df 0, no standard error
 */
export function fitPeriodAdjusted(
  d: readonly number[],
  z: readonly number[],
): PeriodAdjustedFit | null {
  if (d.length === 0) return null;
  if (z.every((sign) => sign === 0)) return fitMean(d);
  const n = d.length;
  const sumZ = sum(z);
  const sumZz = sum(z.map((sign) => sign * sign));
  const zd = sum(z.map((sign, index) => sign * (d[index] ?? 0)));
  const effect = solve({ n, z: sumZ, zz: sumZz, d: sum(d), zd });
  if (effect === null) return null;
  const { estimate, period, nEff } = effect;
  const df = n - 2;
  const residuals = d.map((value, index) => value - estimate - period * (z[index] ?? 0));
  const squares = sum(residuals.map((value) => value * value));
  const sd = df < 1 ? null : zeroIfNoise(Math.sqrt(squares / df), d);
  const se = sd === null ? null : sd / Math.sqrt(nEff);
  const periodSe = sd === null ? null : sd / Math.sqrt(sumZz - (sumZ * sumZ) / n);
  return { n, estimate, period, periodSe, df, nEff, sd, se, residuals };
}

/**
 * The same fit without a period: the plain mean on n − 1 degrees of freedom.
 *
 * @example
 * fitMean([1, 3]); // estimate 2, df 1, sd 1.4142135623730951
 */
export function fitMean(d: readonly number[]): PeriodAdjustedFit {
  const n = d.length;
  const estimate = mean(d);
  const sd = sampleSpread(d);
  const se = sd === null ? null : sd / Math.sqrt(n);
  const residuals = d.map((value) => value - estimate);
  return { n, estimate, period: null, periodSe: null, df: n - 1, nEff: n, sd, se, residuals };
}

/** What a fit with residual degrees of freedom says about the effect: what e-processes start from. */
export interface MixtureEvidence {
  readonly estimate: number;
  /** Residual standard deviation. */
  readonly sd: number;
  readonly nEff: number;
  readonly df: number;
}

/** A feature's difference and its mean sequence sign. */
export interface SignedDifference {
  readonly d: number;
  readonly z: number;
}

/**
 * The fit of every prefix of the data, as {@link fitPeriodAdjusted} gives it for each one: what the
 * evidence was at every look. A prefix without residual degrees of freedom, or with one sequence
 * only, has null.
 *
 * Keeps running sums, but goes over all residuals of each prefix again, so that rounding does not
 * add up over thousands of looks.
 */
export function fitPrefixes(
  d: readonly number[],
  z: readonly number[],
): readonly (MixtureEvidence | null)[] {
  return new GrowingResults(prefixFits).of(
    d.map((value, index) => ({ d: value, z: z[index] ?? 0 })),
  );
}

/** {@link fitPrefixes}, feature by feature. */
export function prefixFits(): Step<SignedDifference, MixtureEvidence | null> {
  const taken: SignedDifference[] = [];
  const sums = { n: 0, z: 0, zz: 0, d: 0, zd: 0 };
  let largest = 0;
  return (next) => {
    taken.push(next);
    sums.n += 1;
    sums.z += next.z;
    sums.zz += next.z * next.z;
    sums.d += next.d;
    sums.zd += next.z * next.d;
    largest = Math.max(largest, Math.abs(next.d));
    const effect = solve(sums);
    const df = sums.n - (sums.zz > 0 ? 2 : 1);
    if (effect === null || df < 1) return null;
    const { estimate, period, nEff } = effect;
    let squares = 0;
    for (const { d, z } of taken) {
      const residual = d - estimate - period * z;
      squares += residual * residual;
    }
    return { estimate, sd: zeroIfNoiseOf(Math.sqrt(squares / df), largest), nEff, df };
  };
}

/** Sums over the features: of 1, z, z², d and z·d. */
type Sums = Readonly<Record<"n" | "z" | "zz" | "d" | "zd", number>>;

/** The normal equations; without any z the plain mean, and null if they have no single solution. */
function solve({ n, z, zz, d, zd }: Sums) {
  if (zz === 0) return { estimate: d / n, period: 0, nEff: n };
  const determinant = n * zz - z * z;
  if (determinant <= SINGULAR * n * zz) return null;
  return {
    estimate: (zz * d - z * zd) / determinant,
    period: (n * zd - z * d) / determinant,
    nEff: n - (z * z) / zz,
  };
}
