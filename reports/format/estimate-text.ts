import type { EstimateData, IntervalData } from "../report/estimate-data.ts";
import { formatFixed, formatSignificant, NOT_AVAILABLE } from "./number-text.ts";

/** What stands where data do not allow an interval. */
const NO_INTERVAL = "ci=n/a";

/** A ratio with its interval: `2.449 (95 % CI 1.900 to 3.157)`, or why there is none. */
export function ratioText({ value, ci95, reason }: EstimateData): string {
  if (value === null) return `${NOT_AVAILABLE} (${reason ?? "no data"})`;
  if (ci95 === null) return `${formatSignificant(value)} (${NO_INTERVAL}, ${reason ?? "no data"})`;
  const { lower, upper } = ci95;
  return `${formatSignificant(value)} (95 % CI ${formatSignificant(lower)} to ${formatSignificant(upper)})`;
}

/** The p-value and degrees of freedom of an estimate, where it has them. */
export function testText({ p_two_sided, df }: EstimateData): string {
  if (p_two_sided === null || df === null) return NOT_AVAILABLE;
  return `${pText(p_two_sided)}, ${df} df`;
}

/** `p = 0.014`, `p < 0.001`. */
export function pText(p: number | null): string {
  if (p === null) return NOT_AVAILABLE;
  return p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`;
}

/** An interval of what is never below 0, cut there for the eye. */
export function intervalText(ci95: IntervalData | null): string {
  if (ci95 === null) return NO_INTERVAL;
  return `${formatSignificant(Math.max(0, ci95.lower))} to ${formatSignificant(ci95.upper)}`;
}

/** A quality's interval, cut to 0…1 for the eye; it is stored uncut. */
export function qualityIntervalText(ci95: IntervalData | null): string {
  if (ci95 === null) return NO_INTERVAL;
  return `${formatFixed(Math.max(0, ci95.lower), 3)} to ${formatFixed(Math.min(1, ci95.upper), 3)}`;
}
