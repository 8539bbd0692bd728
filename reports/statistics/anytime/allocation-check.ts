import { sum } from "simple-statistics";

import { chisqSf } from "../numerics/chi-square.ts";
import { requireDomain } from "../numerics/domain-error.ts";
import { lgamma, logBinomialChance } from "../numerics/log-gamma.ts";

const TIE = 1e-7;
const EXPECTED_MIN = 5;

/** How often each sequence occurred, and how often it should. */
export interface AllocationCounts {
  readonly counts: readonly number[];
  readonly probs: readonly number[];
}

/** Whether the observed allocation fits the planned one. */
export type AllocationCheck = ReturnType<typeof checkAllocation>;

/**
 * Did the sequences occur as often as the design says (sample ratio mismatch)? A mismatch among
 * complete pairs means that windows went missing for a reason, and no effect can be trusted.
 *
 * The e-value mixes all allocations evenly and holds at any time of looking.
 *
 * Source: Lindon & Malek, arXiv:2011.03567.
 *
 * @example
 * checkAllocation({ counts: [12, 0], probs: [0.5, 0.5] }).logE; // 5.752816809257807
 */
export function checkAllocation({ counts, probs }: AllocationCounts) {
  requireDomain(counts.length === probs.length, "as many probabilities as counts", probs.length);
  requireDomain(counts.length >= 2, "at least two sequences", counts.length);
  const n = sum(counts);
  const df = counts.length - 1;
  const expected = probs.map((p) => n * p);
  const chisq = n === 0 ? 0 : sum(counts.map((count, index) => term(count, expected[index] ?? 0)));
  const pChisq = chisqSf(chisq, df);
  /** Exact, for two sequences. */
  const pBinomialExact = df === 1 ? binomialTest(counts[0] ?? 0, n, probs[0] ?? 0) : null;
  const isLarge = expected.every((count) => count >= EXPECTED_MIN);
  /** The printed p-value: exact for two sequences, else chi-square if all expected counts are ≥ 5. */
  const p = pBinomialExact ?? (isLarge ? pChisq : null);
  /** Only this one is valid under repeated looks, so only this one triggers the stop. */
  const logE = allocationLogE({ counts, probs });
  return { chisq, df, pChisq, pBinomialExact, p, logE };
}

/** ln of the Dirichlet-multinomial e-value against the planned probabilities. */
function allocationLogE({ counts, probs }: AllocationCounts): number {
  const k = counts.length;
  const n = sum(counts);
  const mixture = lgamma(k) - lgamma(n + k) + sum(counts.map((count) => lgamma(count + 1)));
  const planned = counts.map((count, index) =>
    count === 0 ? 0 : count * Math.log(probs[index] ?? 0),
  );
  return mixture - sum(planned);
}

function term(count: number, expected: number): number {
  return ((count - expected) * (count - expected)) / expected;
}

/** The two-sided exact binomial test: all outcomes no likelier than the observed one. */
function binomialTest(x: number, n: number, p: number): number {
  const observed = logBinomialChance(x, n, p);
  const chances = Array.from({ length: n + 1 }, (_, k) => logBinomialChance(k, n, p))
    .filter((log) => log <= observed + TIE)
    .map((log) => Math.exp(log));
  return Math.min(1, sum(chances));
}
