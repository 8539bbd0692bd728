import { integrateOverChiScale } from "./chi-scale-integral.ts";
import { requireDomain } from "./domain-error.ts";
import { normCdf, normPdf, normSf } from "./normal.ts";

const KINK_OFFSETS = [-8, -4, -2, -1, 0, 1, 2, 4, 8];
const PANELS = 12;
/** The density of the spread is not smooth at 0 with a broken number of degrees of freedom below this. */
const BROKEN_DF_BELOW = 4;
const FINE_PANELS = 60;
/** Spreads less likely than this add nothing to the power of a test, and most of a wide range is. */
const NEGLIGIBLE = 1e-30;

type NoncentralT = Readonly<Record<"t" | "df" | "ncp", number>> & {
  readonly negligible?: number;
};

/**
 * The chance that a non-central t variable with `df` degrees of freedom and non-centrality `ncp` is
 * at or below t: what a t statistic does when the true effect is not the tested one.
 *
 * Averages Φ(t·S − ncp) over the spread S of the estimated standard deviation.
 *
 * @example
 * nctCdf(1, 5, 0); // 0.8183912661754386, the central t
 */
export function nctCdf(t: number, df: number, ncp: number): number {
  return averageOverSpread({ t, df, ncp }, (s) => normCdf(t * s - ncp));
}

/**
 * The upper tail of the non-central t distribution, to 1e-30: for the power of tests.
 *
 * @example
 * nctSf(1, 5, 0); // 0.18160873382456127
 */
export function nctSf(t: number, df: number, ncp: number): number {
  return averageOverSpread({ t, df, ncp, negligible: NEGLIGIBLE }, (s) => normSf(t * s - ncp));
}

/**
 * How fast that tail grows with the non-centrality: its derivative by `ncp`.
 *
 * @example
 * nctSfSlope(0, 5, 0); // 0.3989422804014327, the density of the normal distribution at 0
 */
export function nctSfSlope(t: number, df: number, ncp: number): number {
  return averageOverSpread({ t, df, ncp, negligible: NEGLIGIBLE }, (s) => normPdf(t * s - ncp));
}

function averageOverSpread(
  { t, df, ncp, negligible = 0 }: NoncentralT,
  f: (s: number) => number,
): number {
  requireDomain(Number.isFinite(t), "a finite argument of the non-central t distribution", t);
  requireDomain(Number.isFinite(ncp), "a finite non-centrality", ncp);
  requireDomain(df > 0 && df < Infinity, "positive finite degrees of freedom", df);
  const kinks = t === 0 ? [] : KINK_OFFSETS.map((offset) => ncp / t + offset / Math.abs(t));
  const isSmooth = Number.isInteger(df) || df >= BROKEN_DF_BELOW;
  const panels = isSmooth ? PANELS : FINE_PANELS;
  const mean = integrateOverChiScale(f, { df, kinks, panels, negligible });
  return Math.min(1, Math.max(0, mean));
}
