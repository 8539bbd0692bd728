import { integrateOverChiScale } from "../numerics/chi-scale-integral.ts";
import { chisqQuantile } from "../numerics/chi-square.ts";
import { nctSf, nctSfSlope } from "../numerics/noncentral-t.ts";
import { normCdf, normQuantile } from "../numerics/normal.ts";
import { remember } from "../numerics/remember.ts";
import { newtonRoot } from "../numerics/roots.ts";
import { tQuantile } from "../numerics/student-t.ts";

const TOST_PANELS = 200;
/** Far below the accuracy of a power, and half of the work. */
const NEGLIGIBLE = 1e-30;

/** A cross-over compares within features in two orders, a paired design in one. */
export type PlannedDesign = "crossover" | "paired";

/** What a design of a given size is worth. */
export interface DesignSize {
  /** The pairs of a balanced design with the same precision. */
  readonly nEff: number;
  readonly df: number;
}

/** A one-sided t test that is planned. */
export interface PlannedTest extends DesignSize {
  /** True effect less the tested one, on the analysis scale. */
  readonly delta: number;
  /** Standard deviation of a feature's difference. */
  readonly sd: number;
  /** One-sided. */
  readonly alpha: number;
}

/**
 * How likely is a one-sided t test to reject if the true effect exceeds the tested one by `delta`?
 * Exact, by the non-central t distribution. Null without degrees of freedom.
 *
 * A property of the design: `delta` is an effect worth finding, never the observed one. The power at
 * the observed effect ("observed power") is only another form of the p-value.
 *
 * Source: Owen, Biometrika 1965;52:437; Hoenig & Heisey, Am Stat 2001;55:19.
 *
 * @example
 * powerGreater({ delta: Math.log(2), sd: 0.3, nEff: 8 / 3, df: 1, alpha: 0.05 }); // 0.44496570477555686
 */
export function powerGreater({ delta, sd, nEff, df, alpha }: PlannedTest): number | null {
  if (df < 1) return null;
  if (sd === 0) return delta > 0 ? 1 : 0;
  return nctSf(tQuantile(1 - alpha, df), df, (delta * Math.sqrt(nEff)) / sd);
}

/**
 * The effect beyond the tested one that a one-sided t test finds with this power: `powerGreater` solved
 * for `delta`. Null without degrees of freedom.
 *
 * @example
 * detectableEffect({ sd: 0.3, nEff: 8, df: 6, alpha: 0.05 }, 0.8); // 0.2993288464974331
 */
export function detectableEffect(
  { sd, nEff, df, alpha }: Omit<PlannedTest, "delta">,
  power: number,
): number | null {
  return df < 1 ? null : (detectableNcp(df, alpha, power) * sd) / Math.sqrt(nEff);
}

/** Every look asks for the same designs. */
const detectableNcp = remember((df: number, alpha: number, power: number) => {
  const t = tQuantile(1 - alpha, df);
  // The normal approximation is close unless there are few degrees of freedom.
  const close = t + normQuantile(power);
  // T = (Z + ncp) / S exceeds t if S and Z are both on the right side, each with the square root of the power as chance.
  const share = Math.sqrt(power);
  const s = Math.sqrt(chisqQuantile(t < 0 ? 1 - share : share, df) / df);
  const high = Math.max(0, t * s + normQuantile(share));
  return newtonRoot({ low: 0, high }, close, (ncp) => ({
    value: nctSf(t, df, ncp) - power,
    slope: nctSfSlope(t, df, ncp),
  }));
});

/** An equivalence test that is planned; all on the analysis (log) scale. */
export interface PlannedEquivalence extends DesignSize {
  /** The true effect. */
  readonly theta: number;
  /** The range within which effects count as equivalent. */
  readonly lower: number;
  readonly upper: number;
  /** Standard deviation of a feature's difference. */
  readonly sd: number;
  /** The level of each one-sided test. */
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
    {
      df,
      kinks,
      panels: TOST_PANELS,
      negligible: NEGLIGIBLE,
      high: (upper - lower) / (2 * t * se),
    },
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

/** An estimated standard deviation. */
export interface EstimatedSpread {
  readonly sd: number;
  readonly df: number;
}

/**
 * How large may the true standard deviation be, given the estimated one? The one-sided upper
 * confidence limit, for planning that does not count on luck.
 *
 * Assumes normal values.
 *
 * @example
 * sdUpperLimit({ sd: 0.4, df: 1 }, 0.8); // 1.5788615502170986
 */
export function sdUpperLimit({ sd, df }: EstimatedSpread, confidence: number): number {
  return sd * Math.sqrt(df / chisqQuantile(1 - confidence, df));
}

/**
 * Effective pairs and degrees of freedom of `n` pairs, split as evenly as they can be.
 *
 * @example
 * designSize("crossover", 5); // { nEff: 4.8, df: 3 }
 */
export function designSize(design: PlannedDesign, n: number): DesignSize {
  if (design === "paired") return { nEff: n, df: n - 1 };
  return splitSize(Math.ceil(n / 2), Math.floor(n / 2));
}

/**
 * The same for a cross-over with a given split.
 *
 * @example
 * splitSize(4, 8); // { nEff: 10.666666666666666, df: 10 }
 */
export function splitSize(nAB: number, nBA: number): DesignSize {
  const n = nAB + nBA;
  return { nEff: (4 * nAB * nBA) / n, df: n - 2 };
}
