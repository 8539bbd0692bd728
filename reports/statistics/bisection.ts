const HALVINGS_MAX = 200;

/**
 * The point between `low` and `high` at which a condition that holds on the low side stops holding,
 * by halving until the two ends meet, at most
 * `halvingsMax` (200) times.
 *
 * @example
 * bisect({ low: 0, high: 2 }, (x) => x * x < 2); // 1.4142135623730951
 */
export function bisect(
  range: { readonly low: number; readonly high: number },
  holds: (x: number) => boolean,
  halvingsMax = HALVINGS_MAX,
): number {
  let { low, high } = range;
  for (let count = 0; count < halvingsMax; count += 1) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
