import { betaReg } from "../numerics/beta.ts";

/** Deterministic tests on which both providers disagree. */
export interface DiscordantTests {
  /** Pass under A and fail under B. */
  readonly b: number;
  /** Fail under A and pass under B. */
  readonly c: number;
}

/**
 * Do the providers differ on the deterministic tests? McNemar's exact two-sided p-value, from the
 * tests on which they disagree. Printed next to the literal criterion, which allows no regression.
 *
 * Source: McNemar, Psychometrika 1947;12:153.
 *
 * @example
 * mcnemarTest({ b: 5, c: 1 }); // 0.21875
 */
export function mcnemarTest({ b, c }: DiscordantTests): number {
  const fewer = Math.min(b, c);
  const n = b + c;
  if (fewer === n) return 1;
  // P(Bin(n, ½) ≤ k) is the lower tail of a Beta(n − k, k + 1) variable at ½.
  return Math.min(1, 2 * betaReg(0.5, n - fewer, fewer + 1).lower);
}
