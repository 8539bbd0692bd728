import { max, mean, median, min, quantileSorted } from "simple-statistics";

import { sampleSpread } from "./spread.ts";
import type { AnalysisStatus } from "./status.ts";
import { tInterval } from "./t-interval.ts";

/** One metric on one arm. `null`: not available. */
export interface ArmSummary {
  readonly status: AnalysisStatus;
  /** Which value is impossible, where the status is `invalid_input`. */
  readonly problem: string | null;
  readonly n: number | null;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly se: number | null;
  readonly ciLower: number | null;
  readonly ciUpper: number | null;
  /** Width of the interval relative to the mean. */
  readonly ciWidthRel: number | null;
  /** Coefficient of variation. */
  readonly cv: number | null;
  readonly min: number | null;
  readonly median: number | null;
  readonly p95: number | null;
  readonly max: number | null;
  /** Geometric mean with its interval, where all values are positive. */
  readonly geoMean: number | null;
  readonly geoCiLower: number | null;
  readonly geoCiUpper: number | null;
  readonly geoCiWidthRel: number | null;
}

const NOTHING: ArmSummary = {
  status: "no_data",
  problem: null,
  n: 0,
  mean: null,
  sd: null,
  se: null,
  ciLower: null,
  ciUpper: null,
  ciWidthRel: null,
  cv: null,
  min: null,
  median: null,
  p95: null,
  max: null,
  geoMean: null,
  geoCiLower: null,
  geoCiUpper: null,
  geoCiWidthRel: null,
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
  const sorted = values.toSorted((a, b) => a - b);
  return {
    ...NOTHING,
    status: "insufficient",
    n: values.length,
    mean: mean(values),
    min: min(sorted),
    median: median(sorted),
    p95: quantileSorted(sorted, 0.95),
    max: max(sorted),
    ...spreadOf(values, level),
    ...geometricMean(values, level),
  };
}

function spreadOf(values: readonly number[], level: number): Partial<ArmSummary> {
  const sd = sampleSpread(values);
  if (sd === null) return {};
  const centre = mean(values);
  const se = sd / Math.sqrt(values.length);
  const { lower, upper } = tInterval({ estimate: centre, se, df: values.length - 1 }, level);
  return {
    status: sd === 0 ? "zero_variance" : "ok",
    sd,
    se,
    ciLower: lower,
    ciUpper: upper,
    ciWidthRel: centre === 0 ? null : (upper - lower) / Math.abs(centre),
    cv: centre === 0 ? null : sd / Math.abs(centre),
  };
}

function geometricMean(values: readonly number[], level: number): Partial<ArmSummary> {
  if (values.some((value) => value <= 0)) return {};
  const logs = values.map((value) => Math.log(value));
  const centre = mean(logs);
  const sd = sampleSpread(logs);
  if (sd === null) return { geoMean: Math.exp(centre) };
  const se = sd / Math.sqrt(logs.length);
  const { lower, upper } = tInterval({ estimate: centre, se, df: logs.length - 1 }, level);
  return {
    geoMean: Math.exp(centre),
    geoCiLower: Math.exp(lower),
    geoCiUpper: Math.exp(upper),
    geoCiWidthRel: 2 * Math.sinh((upper - lower) / 2),
  };
}
