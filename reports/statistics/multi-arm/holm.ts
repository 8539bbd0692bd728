/**
 * Adjusts p-values of several candidates so that the chance of any false one stays at alpha,
 * whatever their dependence. Results come in the order given.
 *
 * Source: Holm, Scand J Stat 1979;6:65.
 *
 * @example
 * holm([0.01, 0.04, 0.03]); // [0.03, 0.06, 0.06]
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const m = pValues.length;
  const ordered = pValues
    .map((p, index) => ({ p, index }))
    .toSorted((first, second) => first.p - second.p);
  const adjusted = pValues.map(() => 1);
  let largest = 0;
  for (const [rank, { p, index }] of ordered.entries()) {
    largest = Math.max(largest, Math.min(1, (m - rank) * p));
    adjusted[index] = largest;
  }
  return adjusted;
}

/**
 * Multiplies each p-value by their number: simpler than Holm and never smaller.
 *
 * @example
 * bonferroni([0.01, 0.04, 0.03]); // [0.03, 0.12, 0.09]
 */
export function bonferroni(pValues: readonly number[]): readonly number[] {
  return pValues.map((p) => Math.min(1, p * pValues.length));
}

/**
 * The p-value that an e-value gives: min(1, 1/E), from its natural logarithm.
 *
 * Source: Vovk & Wang, Ann Stat 2021;49:1736.
 *
 * @example
 * pFromLogE(3); // 0.049787068367863944
 */
export function pFromLogE(logE: number): number {
  return Math.min(1, Math.exp(-logE));
}
