import { nctSf } from "../numerics/noncentral-t.ts";
import { tQuantile } from "../numerics/student-t-quantile.ts";

/** A one-sided t test that is planned. */
export interface PlannedTest {
  /** True effect less the tested one, on the analysis scale. */
  readonly delta: number;
  /** Standard deviation of a feature's difference. */
  readonly sd: number;
  /** Pairs, as many as the design is worth. */
  readonly nEff: number;
  readonly df: number;
  /** One-sided. */
  readonly alpha: number;
}

/**
 * How likely is a one-sided t test to reject if the true effect exceeds the tested one by `delta`?
 * Exact, by the non-central t distribution. Null without degrees of freedom.
 *
 * A property of the design: `delta` is an effect worth finding, never the observed one, whose
 * "observed power" is but another form of the p-value.
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
