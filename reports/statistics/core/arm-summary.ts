import { logAverage, max, mean, median, min } from "simple-statistics";

import { fitMean } from "./period-adjusted-fit.ts";
import { typeSevenQuantile } from "./quantile.ts";
import { noneOf, type AnalysisStatus, type Figures } from "./status.ts";
import { relativeWidth, tInterval } from "./t-inference.ts";

/** One metric on one arm. `null`: not available. */
export interface ArmSummary
  extends
    Figures<"mean" | "sd" | "se" | "ciLower" | "ciUpper">,
    Figures<"min" | "median" | "p95" | "max">,
    Figures<"geoCiLower" | "geoCiUpper" | "geoCiWidthRel"> {
  readonly status: AnalysisStatus;
  /** Names the impossible value if the status is `invalid_input`. */
  readonly problem: string | null;
  readonly n: number | null;
  /** Width of the interval relative to the mean. */
  readonly ciWidthRel: number | null;
  /** Coefficient of variation. */
  readonly cv: number | null;
  /** Geometric mean with its interval, if all values are positive. */
  readonly geoMean: number | null;
}

const NOTHING: ArmSummary = {
  status: "no_data",
  problem: null,
  n: 0,
  ...noneOf("mean", "sd", "se", "ciLower", "ciUpper", "ciWidthRel", "cv"),
  ...noneOf("min", "median", "p95", "max"),
  ...noneOf("geoMean", "geoCiLower", "geoCiUpper", "geoCiWidthRel"),
};

/**
 * What one provider's windows look like on one metric: centre, spread, quantiles (type 7) and t
 * intervals for the mean and the geometric mean.
 *
 * Assumes independent windows; the intervals assume normal values (or normal logarithms). They say
 * nothing about a difference between providers: the paired analyses do.
 *
 * @example
 * summariseArm([41000, 55500, 47250]).mean; // 47916.666666666664
 */
export function summariseArm(values: readonly number[], level = 0.95): ArmSummary {
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong !== -1) {
    const problem = `Value ${wrong + 1}: expected a finite number, got ${values[wrong]}.`;
    return { ...NOTHING, status: "invalid_input", problem, n: null };
  }
  if (values.length === 0) return NOTHING;
  return {
    ...NOTHING,
    status: "insufficient",
    n: values.length,
    mean: mean(values),
    min: min(values),
    median: median(values),
    p95: typeSevenQuantile(values, 0.95),
    max: max(values),
    ...describeSpread(values, level),
    ...describeGeometricMean(values, level),
  };
}

function describeSpread(values: readonly number[], level: number): Partial<ArmSummary> {
  const { estimate, sd, se, df } = fitMean(values);
  if (sd === null || se === null) return {};
  const { lower, upper } = tInterval({ estimate, se, df }, level);
  return {
    status: sd === 0 ? "zero_variance" : "ok",
    sd,
    se,
    ciLower: lower,
    ciUpper: upper,
    ciWidthRel: estimate === 0 ? null : (upper - lower) / Math.abs(estimate),
    cv: estimate === 0 ? null : sd / Math.abs(estimate),
  };
}

function describeGeometricMean(values: readonly number[], level: number): Partial<ArmSummary> {
  if (values.some((value) => value <= 0)) return {};
  const geoMean = logAverage(values);
  const { estimate, se, df } = fitMean(values.map((value) => Math.log(value)));
  if (se === null) return { geoMean };
  const { lower, upper } = tInterval({ estimate, se, df }, level);
  return {
    geoMean,
    geoCiLower: Math.exp(lower),
    geoCiUpper: Math.exp(upper),
    geoCiWidthRel: relativeWidth({ se, df }, level),
  };
}
