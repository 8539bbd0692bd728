import type { TokenBasis } from "../domain/token-basis.ts";

/** Tokens in each basis. */
export type Spend = Readonly<Record<TokenBasis, number>>;

export const NO_SPEND: Spend = { all: 0, uncached: 0, billable: 0 };

/** @param factor - How many times the right one is added. */
export function addSpend(left: Spend, right: Spend, factor = 1): Spend {
  return {
    all: left.all + right.all * factor,
    uncached: left.uncached + right.uncached * factor,
    billable: left.billable + right.billable * factor,
  };
}

/** If sources of one figure disagree, the higher one counts: spent tokens never vanish. */
export function highestSpend(spends: readonly Spend[]): Spend {
  let [all, uncached, billable] = [0, 0, 0];
  for (const spend of spends) {
    all = Math.max(all, spend.all);
    uncached = Math.max(uncached, spend.uncached);
    billable = Math.max(billable, spend.billable);
  }
  return { all, uncached, billable };
}
