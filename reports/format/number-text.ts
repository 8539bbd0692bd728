/** What stands where there is no figure. */
export const NOT_AVAILABLE = "n/a";

const THOUSAND = 1000;
const MILLION = 1_000_000;

/** Tokens in short: 950, 29.7K, 1.25M. */
export function formatTokens(tokens: number): string {
  // 999,950 rounds to 1000.0K; it reads better as the million that it nearly is.
  if (tokens >= MILLION - THOUSAND / 20) return `${(tokens / MILLION).toFixed(2)}M`;
  return tokens >= THOUSAND ? `${(tokens / THOUSAND).toFixed(1)}K` : formatCount(tokens);
}

/** Thousands set apart by commas; a fraction is rounded to a whole. */
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
