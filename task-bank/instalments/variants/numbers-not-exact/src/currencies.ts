/** How many digits behind the point the amounts of a currency have. */
const DIGITS = new Map([
  ["CHF", 2],
  ["EUR", 2],
  ["JPY", 0],
  ["KWD", 3],
  ["USD", 2],
]);

export function digitsOf(currency: string): number {
  const digits = DIGITS.get(currency);
  if (digits === undefined) throw new RangeError();
  return digits;
}
