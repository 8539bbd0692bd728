const SERIES_TERMS_MAX = 1000;

/**
 * The deviance part x ln(x / m) + m − x of a binomial or Poisson probability, without cancellation
 * where x is near m.
 *
 * Source: Loader, Fast and Accurate Computation of Binomial Probabilities, 2000 (`bd0`).
 *
 * @example
 * deviancePart(3, 2); // 3 ln 1.5 − 1 = 0.21639532432449306
 */
export function deviancePart(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  const ratio = difference / (x + mean);
  let sum = difference * ratio;
  let power = 2 * x * ratio;
  for (let term = 1; term < SERIES_TERMS_MAX; term += 1) {
    power *= ratio * ratio;
    const next = sum + power / (2 * term + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
