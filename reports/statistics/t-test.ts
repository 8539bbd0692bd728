import { tCdf, tSf } from "./numerics/student-t.ts";
import type { EstimateWithError } from "./t-interval.ts";

const RELATIVE_EQUAL = 1e-12;

/** What a t test says; `t` is null where the standard error is 0. */
export interface TTest {
  readonly t: number | null;
  /** The p-value against "not greater than the null value". */
  readonly pGreater: number;
  /** The p-value against "not less than the null value". */
  readonly pLess: number;
  readonly pTwoSided: number;
}

/**
 * The t test of an estimate against one null value, in all three directions.
 *
 * Without any variance the answer is certain: p is 0 in the direction in which the estimate lies
 * and 1 elsewhere; values closer than 1e-12 count as equal.
 *
 * @example
 * tTest({ estimate: 1, se: 0.5, df: 10 }, 0).pTwoSided; // 0.07338803477074035
 */
export function tTest({ estimate, se, df }: EstimateWithError, nullValue: number): TTest {
  if (se === 0) return certainTest(estimate, nullValue);
  const t = (estimate - nullValue) / se;
  return { t, pGreater: tSf(t, df), pLess: tCdf(t, df), pTwoSided: 2 * tSf(Math.abs(t), df) };
}

function certainTest(estimate: number, nullValue: number): TTest {
  const difference = differenceBeyondRounding(estimate, nullValue);
  return {
    t: null,
    pGreater: difference > 0 ? 0 : 1,
    pLess: difference < 0 ? 0 : 1,
    pTwoSided: difference === 0 ? 1 : 0,
  };
}

/** a − b, or exactly 0 where both are equal but for rounding. */
export function differenceBeyondRounding(a: number, b: number): number {
  const scale = Math.max(1, Math.abs(a), Math.abs(b));
  return Math.abs(a - b) <= RELATIVE_EQUAL * scale ? 0 : a - b;
}
