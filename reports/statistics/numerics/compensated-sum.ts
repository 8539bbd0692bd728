/**
 * The sum of many numbers without the rounding error of adding them one by one.
 *
 * Neumaier's form of Kahan's compensated summation carries what each addition loses. If a term is
 * not finite it falls back to the plain sum, because compensation would turn an infinity into NaN.
 *
 * Source: Neumaier, ZAMM 1974;54:39.
 *
 * @example
 * compensatedSum([1, 1e100, 1, -1e100]); // 2
 */
export function compensatedSum(values: Iterable<number>): number {
  let sum = 0;
  let lost = 0;
  let plain = 0;
  for (const value of values) {
    plain += value;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return Number.isFinite(sum) && Number.isFinite(lost) ? sum + lost : plain;
}
