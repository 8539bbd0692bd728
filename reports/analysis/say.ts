import { formatCount, formatSignificant, NOT_AVAILABLE } from "../format/number-text.ts";
import type { AnalysisStatus } from "../statistics/status.ts";

type Figure = number | null | undefined;

/** Between these, whole numbers read better than powers of ten. */
const LARGE = 1e4;
const TOO_LARGE = 1e12;

/** When an interval holds. */
export type Validity = "fixed-n" | "anytime-valid";

/** A number with four digits, `n/a` where there is none. */
export function say(value: Figure): string {
  if (value === Infinity) return "∞";
  if (value === -Infinity) return "-∞";
  if (value && Math.abs(value) >= LARGE && Math.abs(value) < TOO_LARGE) return formatCount(value);
  return formatSignificant(value ?? null);
}

/** A number, or why there is none. */
export function sayOr(value: Figure, reason: string): string {
  return value === null || value === undefined ? `${NOT_AVAILABLE} (${reason})` : say(value);
}

/** `(95 % CI 1.90 to 3.16, fixed-n)`; every interval says its level and when it holds. */
export function sayInterval(
  limits: readonly [Figure, Figure] | null,
  { level, validity }: { readonly level: number; readonly validity: Validity },
): string {
  const name = `${level} % ${validity === "fixed-n" ? "CI" : "CS"}`;
  const [lower, upper] = limits ?? [null, null];
  if (lower === null || upper === null || lower === undefined || upper === undefined) {
    return "(ci=n/a)";
  }
  return `(${name} ${say(lower)} to ${say(upper)}, ${validity})`;
}

export function sayP(p: Figure): string {
  if (p === null || p === undefined) return "p n/a";
  return p < 0.0001 ? "p < 0.0001" : `p = ${p.toFixed(4)}`;
}

/** An e-value from its natural logarithm. */
export function sayE(logE: Figure): string {
  return logE === null || logE === undefined ? "E n/a" : `E = ${say(Math.exp(logE))}`;
}

/** What the evidence on quality lacks, by the features that it would take; nothing where it lacks nothing. */
export function sayUnconfirmed(features: Figure): string {
  if (features === 0) return "";
  const needs =
    features === null || features === undefined ? "more than 500" : `≥ ${String(features)}`;
  return `: not confirmed (needs ${needs} more features)`;
}

/** Why an analysis has no number. */
export const STATUS_REASONS: Readonly<Record<AnalysisStatus, string>> = {
  invalid_input: "a value is impossible",
  no_data: "no complete pair",
  one_sequence: "all pairs in one order",
  insufficient: "n < 3",
  zero_variance: "the values do not vary",
  ok: "not defined for these data",
};
