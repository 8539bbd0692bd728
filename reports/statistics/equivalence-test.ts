import type { EstimateWithError } from "./t-interval.ts";
import { tTest } from "./t-test.ts";

/** Two one-sided t tests against the two ends of a range of ratios. */
export interface EquivalenceTest {
  readonly lower: number;
  readonly upper: number;
  readonly tLower: number | null;
  readonly tUpper: number | null;
  readonly pLower: number;
  readonly pUpper: number;
  /** The larger of both; equivalent at alpha exactly when it is at most alpha. */
  readonly p: number;
}

/** A range of ratios, on the ratio scale. */
export interface RatioRange {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Are two costs the same for practical purposes? Two one-sided tests (TOST) that the true ratio lies
 * above `lower` and below `upper`; the estimate is a log ratio.
 *
 * Source: Schuirmann, J Pharmacokin Biopharm 1987;15:657.
 *
 * @example
 * testEquivalence({ estimate: 0, se: 0.05, df: 10 }, { lower: 0.8, upper: 1.25 }).p; // 0.00060…
 */
export function testEquivalence(
  logRatio: EstimateWithError,
  { lower, upper }: RatioRange,
): EquivalenceTest {
  const above = tTest(logRatio, Math.log(lower));
  const below = tTest(logRatio, Math.log(upper));
  return {
    lower,
    upper,
    tLower: above.t,
    tUpper: below.t,
    pLower: above.pGreater,
    pUpper: below.pLess,
    p: Math.max(above.pGreater, below.pLess),
  };
}
