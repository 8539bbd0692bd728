const SIGNIFICANT_DIGITS = 12;

/** Rounds to 12 significant digits, because the last bits of a number differ between machines. */
export function roundNumber(value: number): number {
  return Number.isSafeInteger(value) ? value : Number(value.toPrecision(SIGNIFICANT_DIGITS));
}

/** Rounds every number of a JSON value. */
export function roundNumbers<Value>(value: Value): Value {
  // Only numbers change, and only to numbers, so the type stays the same.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return mapNumbers(value, roundNumber) as Value;
}

/** A JSON value with every number replaced. */
export function mapNumbers(value: unknown, change: (value: number) => unknown): unknown {
  if (typeof value === "number") return change(value);
  if (Array.isArray(value)) return value.map((one) => mapNumbers(one, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, mapNumbers(one, change)]),
  );
}
