import { mean } from "simple-statistics";

import { logWealth } from "../anytime/bounded-mean-bet.ts";
import { firstIndex } from "../power/sample-size.ts";

const FEATURES_MAX = 500;

/**
 * How many more features until the bets confirm that quality is kept, if each scores as the ones so
 * far do on average? An optimistic answer. Null without a feature, or where 500 more would not do.
 *
 * @example
 * featuresToConfirm(Array(10).fill(0.2), { rho: 0.8, alpha: 0.05, gridK: 20 }); // 8
 */
export function featuresToConfirm(
  contrasts: readonly number[],
  { rho, alpha, gridK }: { readonly rho: number; readonly alpha: number; readonly gridK: number },
): number | null {
  if (contrasts.length === 0) return null;
  const typical = mean([...contrasts]);
  return firstIndex(FEATURES_MAX, (extra) => {
    const seen = [...contrasts, ...Array.from({ length: extra }, () => typical)];
    return logWealth(seen, { bound: rho, grid: gridK }) >= -Math.log(alpha);
  });
}
