const SIGNIFICANT_DIGITS = 12;

/**
 * Rounds every number of a JSON value to 12 significant digits, so that the last bits, in which
 * machines may differ, never reach a text.
 */
export function roundNumbers(value: unknown): unknown {
  if (typeof value === "number") return Number(value.toPrecision(SIGNIFICANT_DIGITS));
  if (Array.isArray(value)) return value.map(roundNumbers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, roundNumbers(one)]));
}
