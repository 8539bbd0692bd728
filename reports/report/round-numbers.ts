const SIGNIFICANT_DIGITS = 12;

/**
 * Rounds every number of a JSON value to 12 significant digits, so that the last bits, in which
 * machines may differ, never reach a text.
 */
export function roundNumbers<Value>(value: Value): Value {
  // Only numbers are replaced, by numbers, so that the shape stays what it was.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return roundValue(value) as Value;
}

function roundValue(value: unknown): unknown {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? value : Number(value.toPrecision(SIGNIFICANT_DIGITS));
  }
  if (Array.isArray(value)) return value.map(roundValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, roundValue(one)]));
}
