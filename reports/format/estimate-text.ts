import type { EstimateData, IntervalData } from "../report/report-data.ts";
import { formatFixed, formatP, formatSignificant, NOT_AVAILABLE } from "./number-text.ts";

/** What stands where data do not allow an interval. */
export const NO_INTERVAL = "ci=n/a";

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
  const p = formatP(p_two_sided);
  return `p ${p.startsWith("<") ? p : `= ${p}`}, ${df} df`;
}

/** A quality's interval, cut to 0…1 for the eye; it is stored uncut. */
export function qualityIntervalText(ci95: IntervalData | null): string {
  if (ci95 === null) return NO_INTERVAL;
  return `${formatFixed(Math.max(0, ci95.lower), 3)} to ${formatFixed(Math.min(1, ci95.upper), 3)}`;
}
