import { mean, sum } from "simple-statistics";

/**
 * How alike are the values of one group, compared with values of different groups? The share of the
 * variance that lies between groups, by a one-way analysis of variance; a negative estimate is 0. Null
 * with fewer than two groups, with no group of two values, or if all values are equal.
 *
 * Source: Donner & Koval, Biometrics 1980;36:19 (the analysis of variance estimator).
 *
 * @example
 * intraclassCorrelation([[1, 2], [4, 5], [8, 9]]); // 0.9602649006622517
 */
export function intraclassCorrelation(groups: readonly (readonly number[])[]): number | null {
  const filled = groups.filter((group) => group.length > 0);
  const sizes = filled.map((group) => group.length);
  const n = sum(sizes);
  const k = filled.length;
  if (k < 2 || n === k) return null;
  const overall = mean(filled.flat());
  const between =
    sum(filled.map((group) => group.length * (mean([...group]) - overall) ** 2)) / (k - 1);
  const within = sum(filled.flatMap((group) => squaresAround(group))) / (n - k);
  const typicalSize = (n - sum(sizes.map((size) => size ** 2)) / n) / (k - 1);
  const total = between + (typicalSize - 1) * within;
  return total === 0 ? null : Math.max(0, (between - within) / total);
}

function squaresAround(group: readonly number[]): readonly number[] {
  const centre = mean([...group]);
  return group.map((value) => (value - centre) ** 2);
}
