/** Written in place of a missing figure. */
export const NOT_AVAILABLE = "n/a";

/** Written in place of an interval that the data do not allow. */
export const NO_INTERVAL = "ci=n/a";

const THOUSAND = 1000;
const MILLION = 1_000_000;

/** Between these, whole numbers read better than powers of ten. */
const LARGE = 1e4;
const TOO_LARGE = 1e12;

/** A figure of an analysis, which may be missing. */
type Figure = number | null | undefined;

/** The level of an interval, and when it holds. */
export interface IntervalKind {
  readonly name: string;
  readonly validity: "fixed-n" | "anytime-valid";
}

export const FIXED_95: IntervalKind = { name: "95 % CI", validity: "fixed-n" };
export const FIXED_90: IntervalKind = { name: "90 % CI", validity: "fixed-n" };
export const ANYTIME_95: IntervalKind = { name: "95 % CS", validity: "anytime-valid" };

/** Tokens in short: 950, 29.7K, 1.25M. */
export function formatTokens(tokens: number): string {
  // 999,950 would round to 1000.0K; 1.00M reads better.
  if (tokens >= MILLION - THOUSAND / 20) return `${(tokens / MILLION).toFixed(2)}M`;
  return tokens >= THOUSAND ? `${(tokens / THOUSAND).toFixed(1)}K` : formatCount(tokens);
}

/** A whole number with commas between thousands; a fraction is rounded. */
export function formatCount(count: number | null): string {
  if (count === null) return NOT_AVAILABLE;
  return count.toFixed(0).replaceAll(/\B(?=(?:\d{3})+(?!\d))/gu, ",");
}

/** A fixed number of decimals, the same on every machine and in every locale. */
export function formatFixed(value: number | null, decimals: number): string {
  return value === null ? NOT_AVAILABLE : value.toFixed(decimals);
}

/** Four significant digits: 2.449, 0.03125, 1.2e+7. */
export function formatSignificant(value: number | null): string {
  return value === null ? NOT_AVAILABLE : Number(value.toPrecision(12)).toPrecision(4);
}

/** A share as a percentage. */
export function formatPercent(share: number | null): string {
  return share === null ? NOT_AVAILABLE : `${(share * 100).toFixed(1)} %`;
}

/** `1 pair`, `2 pairs`. */
export function countNoun(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** A figure with four significant digits. */
export function say(value: Figure): string {
  if (value === Infinity) return "∞";
  if (value === -Infinity) return "-∞";
  if (value && Math.abs(value) >= LARGE && Math.abs(value) < TOO_LARGE) return formatCount(value);
  return formatSignificant(value ?? null);
}

/** A figure with what follows it, or why there is none. */
export function sayOr(value: Figure, reason: string, more = ""): string {
  return (value ?? null) === null ? `${NOT_AVAILABLE} (${reason})` : `${say(value)}${more}`;
}

/** `(95 % CI 1.90 to 3.16, fixed-n)`; every interval states its level and when it holds. */
export function sayInterval(
  limits: readonly [Figure, Figure] | null,
  { name, validity }: IntervalKind,
): string {
  const [lower = null, upper = null] = limits ?? [];
  if (lower === null || upper === null) return `(${NO_INTERVAL})`;
  return `(${name} ${say(lower)} to ${say(upper)}, ${validity})`;
}

/** A p-value with four decimals. */
export function sayP(p: Figure): string {
  const value = p ?? null;
  if (value === null) return `p ${NOT_AVAILABLE}`;
  return value < 0.0001 ? "p < 0.0001" : `p = ${value.toFixed(4)}`;
}

/** An e-value from its natural logarithm. */
export function sayE(logE: Figure): string {
  const value = logE ?? null;
  return value === null ? `E ${NOT_AVAILABLE}` : `E = ${say(Math.exp(value))}`;
}

/** How many more features would confirm quality; empty if it is confirmed. */
export function sayUnconfirmed(features: Figure): string {
  if (features === 0) return "";
  const needs = (features ?? null) === null ? "more than 500" : `≥ ${String(features)}`;
  return `: not confirmed (needs ${needs} more features)`;
}
