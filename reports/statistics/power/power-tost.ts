import { integrateOverChiScale } from "../numerics/chi-scale-integral.ts";
import { normCdf } from "../numerics/normal.ts";
import { tQuantile } from "../numerics/student-t-quantile.ts";

const PANELS = 200;
/** Far below the accuracy of a power, and half of the work. */
const NEGLIGIBLE = 1e-30;

/** An equivalence test that is planned; all on the analysis (log) scale. */
export interface PlannedEquivalence {
  /** The true effect. */
  readonly theta: number;
  /** The range within which effects count as equivalent. */
  readonly lower: number;
  readonly upper: number;
  /** Standard deviation of a feature's difference. */
  readonly sd: number;
  readonly nEff: number;
  readonly df: number;
  /** Of each one-sided test. */
  readonly alpha: number;
}

/**
 * How likely are two one-sided t tests to show equivalence if the true effect is `theta`? Exact, as
 * a one-dimensional integral over the spread of the estimated standard deviation. Null without
 * degrees of freedom.
 *
 * Source: Owen, Biometrika 1965;52:437; Phillips, J Pharmacokin Biopharm 1990;18:137.
 *
 * @example
 * powerTost({
 *   theta: 0, lower: Math.log(0.8), upper: Math.log(1.25), sd: sdFromCv(0.15), nEff: 12, df: 10, alpha: 0.05,
 * }); // 0.9210247004623813
 */
export function powerTost({ theta, lower, upper, ...plan }: PlannedEquivalence): number | null {
  const { sd, nEff, df, alpha } = plan;
  if (df < 1) return null;
  if (sd === 0) return lower < theta && theta < upper ? 1 : 0;
  const se = sd / Math.sqrt(nEff);
  const t = tQuantile(1 - alpha, df);
  const kinks = [(upper - theta) / (se * t), (theta - lower) / (se * t)];
  const power = integrateOverChiScale(
    (s) =>
      Math.max(0, normCdf((upper - theta) / se - t * s) - normCdf((lower - theta) / se + t * s)),
    { df, kinks, panels: PANELS, negligible: NEGLIGIBLE, high: (upper - lower) / (2 * t * se) },
  );
  return Math.min(1, power);
}

/**
 * The standard deviation of a log difference from a coefficient of variation within features.
 *
 * @example
 * sdFromCv(0.15); // 0.2109531177054263
 */
export function sdFromCv(cv: number): number {
  return Math.sqrt(2 * Math.log1p(cv * cv));
}
