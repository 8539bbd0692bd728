/** The sum of amounts; null if one of them is unknown. */
export function sumKnown(amounts: readonly (number | null)[]): number | null {
  return amounts.reduce(
    (sum, amount) => (sum === null || amount === null ? null : sum + amount),
    0,
  );
}
