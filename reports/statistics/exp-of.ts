/** The number with this natural logarithm; null if it is missing. */
export function expOf(log: number | null): number | null {
  return log === null ? null : Math.exp(log);
}
