import { mean, sum } from "simple-statistics";

import { sampleSpread, zeroIfNoise } from "./spread.ts";

const SINGULAR = 1e-12;

/** The effect of A over B, freed from the effect of the period. */
export interface PeriodAdjustedFit {
  readonly n: number;
  readonly estimate: number;
  /** Effect of period 1 over period 2; null where it is not in the model. */
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
 * Fits d = τ + π·z by least squares, where z = +1 for features that met A first, −1 for those that
 * met B first, and a value between for features measured in both orders.
 *
 * With every z = ±1 the estimate is the plain mean of both sequences' means, so that an unequal
 * split does not bias it. If every z is 0, π is dropped. Null where one sequence alone is present:
 * effect and period are then one and the same.
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
  const sumD = sum(d);
  const sumZd = sum(z.map((sign, index) => sign * (d[index] ?? 0)));
  const determinant = n * sumZz - sumZ * sumZ;
  if (determinant <= SINGULAR * n * sumZz) return null;
  const estimate = (sumZz * sumD - sumZ * sumZd) / determinant;
  const period = (n * sumZd - sumZ * sumD) / determinant;
  const residuals = d.map((value, index) => value - estimate - period * (z[index] ?? 0));
  const sd = residualSpread(residuals, d, n - 2);
  const nEff = n - (sumZ * sumZ) / sumZz;
  return {
    n,
    estimate,
    period,
    periodSe: sd === null ? null : sd / Math.sqrt(sumZz - (sumZ * sumZ) / n),
    df: n - 2,
    nEff,
    sd,
    se: sd === null ? null : sd / Math.sqrt(nEff),
    residuals,
  };
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
  return {
    n,
    estimate,
    period: null,
    periodSe: null,
    df: n - 1,
    nEff: n,
    sd,
    se: sd === null ? null : sd / Math.sqrt(n),
    residuals: d.map((value) => value - estimate),
  };
}

function residualSpread(
  residuals: readonly number[],
  values: readonly number[],
  df: number,
): number | null {
  if (df < 1) return null;
  return zeroIfNoise(Math.sqrt(sum(residuals.map((value) => value * value)) / df), values);
}
