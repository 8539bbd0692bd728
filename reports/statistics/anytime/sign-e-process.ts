import { betaReg } from "../numerics/incomplete-beta.ts";
import { lgamma } from "../numerics/log-gamma.ts";

/** How many of the pairs exceed the null value. */
export interface SignCount {
  readonly above: number;
  readonly n: number;
}

/**
 * How strongly do the signs alone speak against "at least half of the pairs save no more than the
 * null value"? The log e-value of a uniform mixture over the chance of exceeding, from ½ to 1.
 *
 * Valid under any distribution and at any time of looking: the companion of the t mixture, which
 * rare very expensive runs can mislead. Ties count as not exceeding.
 *
 * Source: Ville 1939; Howard, Ramdas, McAuliffe & Sekhon, Ann Stat 2021;49:1055.
 *
 * @example
 * Math.exp(signLogE({ above: 7, n: 7 })); // 31.875
 */
export function signLogE({ above, n }: SignCount): number {
  if (n === 0) return 0;
  const a = above + 1;
  const b = n - above + 1;
  const logBeta = lgamma(a) + lgamma(b) - lgamma(a + b);
  return (n + 1) * Math.LN2 + logBeta + betaReg(0.5, a, b).logUpper;
}

/**
 * {@link signLogE} after every pair; `exceeds` says of each pair whether it exceeds the null value.
 *
 * @example
 * signLogEByPrefix([true, true]); // 0.4054651081081644, 0.8472978603872033
 */
export function signLogEByPrefix(exceeds: readonly boolean[]): readonly number[] {
  let above = 0;
  return exceeds.map((exceedsNull, index) => {
    if (exceedsNull) above += 1;
    return signLogE({ above, n: index + 1 });
  });
}
