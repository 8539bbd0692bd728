import { sum } from "simple-statistics";
import { z } from "zod";

import { Count, exact, NumberOrNull, TextOrNull } from "../evidence/schema.ts";
import type { AnalysisStatus } from "../statistics/core/status.ts";
import { fiellerInterval } from "../statistics/quality/fieller-interval.ts";
import {
  formatFixed,
  formatSignificant,
  NO_INTERVAL,
  NOT_AVAILABLE,
  sayP,
} from "../text/number-text.ts";

/** Below this number of pairs, features or windows there is no interval. */
export const INTERVAL_FROM_N = 3;
export const TOO_FEW = `n < ${INTERVAL_FROM_N}`;

/** A two-sided 95 % interval, fixed-n. */
const Interval = exact({ lower: z.number(), upper: z.number() });
type Interval = z.infer<typeof Interval>;

/** An estimate that may be missing; `reason` says why, and is null if nothing is missing. */
export const EstimateData = exact({
  value: NumberOrNull,
  ci95: Interval.nullable(),
  p_two_sided: NumberOrNull,
  df: Count.nullable(),
  reason: TextOrNull,
});
export type EstimateData = z.infer<typeof EstimateData>;

/** An estimate without an interval, or without a value too. */
export function missingEstimate(reason: string, value: number | null = null): EstimateData {
  return { value, ci95: null, p_two_sided: null, df: null, reason };
}

/** An estimate with as much as the data allow, and why there is no value or no interval. */
export function estimateOf(
  found: Readonly<Record<"value" | "lower" | "upper" | "p" | "df", number | null>>,
  noValue: string,
  noInterval = TOO_FEW,
): EstimateData {
  const { value, lower, upper, p, df } = found;
  if (value === null) return missingEstimate(noValue);
  if (lower === null || upper === null) return missingEstimate(noInterval, value);
  return { value, ci95: { lower, upper }, p_two_sided: p, df, reason: null };
}

/** Why an analysis has no number. */
export const STATUS_REASONS: Readonly<Record<AnalysisStatus, string>> = {
  invalid_input: "a value is impossible",
  no_data: "no complete pair",
  one_sequence: "all pairs in one order",
  insufficient: TOO_FEW,
  zero_variance: "the values do not vary",
  ok: "not defined for these data",
};

/** A ratio with its interval: `2.449 (95 % CI 1.900 to 3.157, fixed-n)`, or why there is none. */
export function ratioText({ value, ci95, reason }: EstimateData): string {
  if (value === null) return `${NOT_AVAILABLE} (${reason ?? "no data"})`;
  if (ci95 === null) return `${formatSignificant(value)} (${NO_INTERVAL}, ${reason ?? "no data"})`;
  const { lower, upper } = ci95;
  return `${formatSignificant(value)} (95 % CI ${formatSignificant(lower)} to ${formatSignificant(upper)}, fixed-n)`;
}

/** The p-value of an estimate and its degrees of freedom. */
export function testText({ p_two_sided, df }: EstimateData): string {
  return p_two_sided === null || df === null ? NOT_AVAILABLE : `${sayP(p_two_sided)}, ${df} df`;
}

/** An interval of a figure that is never negative, cut at 0 for display. */
export function intervalText(ci95: Interval | null): string {
  if (ci95 === null) return NO_INTERVAL;
  return `${formatSignificant(Math.max(0, ci95.lower))} to ${formatSignificant(ci95.upper)}`;
}

/** An interval of a quality, cut to 0…1 for display; the report's JSON has it uncut. */
export function qualityIntervalText(ci95: Interval | null): string {
  if (ci95 === null) return NO_INTERVAL;
  return `${formatFixed(Math.max(0, ci95.lower), 3)} to ${formatFixed(Math.min(1, ci95.upper), 3)}`;
}

const LEVEL = 0.95;

/** The quality of one valid window, and what it used. */
export interface WindowYield {
  readonly feature: string;
  readonly quality: number;
  readonly used: number;
}

/**
 * Σ quality ÷ Σ used · `perUnits`, with Fieller's interval. The feature is the unit of
 * inference, because several windows of one feature are not independent.
 */
export function estimateEfficiency(works: readonly WindowYield[], perUnits: number): EstimateData {
  const features = [...Map.groupBy(works, ({ feature }) => feature).values()];
  const used = features.map((own) => sum(own.map((work) => work.used)));
  const quality = features.map((own) => sum(own.map((work) => work.quality)));
  const total = sum(used);
  if (works.length === 0) return missingEstimate("no valid window");
  if (total === 0) return missingEstimate("nothing was used");
  const value = (sum(quality) / total) * perUnits;
  if (features.length < INTERVAL_FROM_N) {
    return missingEstimate(`fewer than ${INTERVAL_FROM_N} features`, value);
  }
  const fieller = fiellerInterval({ a: used, b: quality }, LEVEL);
  if (fieller?.type !== "bounded") {
    return missingEstimate("what was used varies too much for an interval", value);
  }
  const [lower, upper] = [fieller.lower * perUnits, fieller.upper * perUnits];
  return { value, ci95: { lower, upper }, p_two_sided: null, df: fieller.df, reason: null };
}
