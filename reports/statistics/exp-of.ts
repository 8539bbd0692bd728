/** The number of which this is the natural logarithm; null if it is missing. */
export function expOf(log: number | null): number | null {
  return log === null ? null : Math.exp(log);
}
