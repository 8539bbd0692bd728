import { sum } from "simple-statistics";

const DECIMALS = 12;
const EXACT_UP_TO = 500;

/** Wilcoxon's signed-rank test. */
export type SignedRankTest = NonNullable<ReturnType<typeof signedRankTest>>;

/**
 * Do positive contrasts outrank negative ones? The exact conditional distribution of the signed-rank
 * sum with mid-ranks for ties, zeros dropped, values rounded to 12 decimals first.
 *
 * A sensitivity analysis only. Assumes contrasts symmetric around 0 under the null hypothesis. Null
 * beyond 500 values, where the exact distribution takes too long and adds nothing.
 *
 * Source: Pratt & Gibbons, Concepts of Nonparametric Theory, 1981, section 3.
 *
 * @example
 * signedRankTest([1, 2, -3])?.V; // 3
 */
export function signedRankTest(values: readonly number[]) {
  const rounded = values.map((value) => Number(value.toFixed(DECIMALS)));
  const kept = rounded.filter((value) => value !== 0);
  const zeros = values.length - kept.length;
  if (kept.length > EXACT_UP_TO) return null;
  const ranked = doubledRanks(kept);
  const doubledV = sum(ranked.map(({ value, rank }) => (value > 0 ? rank : 0)));
  const distribution = signedRankDistribution(ranked.map(({ rank }) => rank));
  const pGreater = Math.min(1, sum(distribution.slice(doubledV)));
  const pLess = Math.min(1, sum(distribution.slice(0, doubledV + 1)));
  const pTwoSided = Math.min(1, 2 * Math.min(pGreater, pLess));
  /** The sum of the ranks of the positive values. */
  const V = doubledV / 2;
  return { n: kept.length, zeros, V, pGreater, pLess, pTwoSided };
}

/** Ranks of the absolute values, doubled so that mid-ranks are whole numbers. */
function doubledRanks(values: readonly number[]) {
  const sizes = values.map((value) => Math.abs(value)).toSorted((a, b) => a - b);
  return values.map((value) => {
    const first = sizes.indexOf(Math.abs(value));
    const last = sizes.lastIndexOf(Math.abs(value));
    return { value, rank: first + last + 2 };
  });
}

/** The chance of each doubled rank sum when every sign is a coin toss. */
function signedRankDistribution(ranks: readonly number[]): readonly number[] {
  const chances = Array<number>(sum(ranks) + 1).fill(0);
  chances[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    reached += rank;
    for (let total = reached; total >= 0; total -= 1) {
      const without = chances[total] ?? 0;
      const withRank = total >= rank ? (chances[total - rank] ?? 0) : 0;
      chances[total] = (without + withRank) / 2;
    }
  }
  return chances;
}
