import type { TokenBasis } from "../domain/token-basis.ts";

/** Tokens in each basis. */
export type Spend = Readonly<Record<TokenBasis, number>>;

export const NO_SPEND: Spend = { all: 0, uncached: 0, billable: 0 };

export function addSpend(left: Spend, right: Spend): Spend {
  return {
    all: left.all + right.all,
    uncached: left.uncached + right.uncached,
    billable: left.billable + right.billable,
  };
}

export function scaleSpend(spend: Spend, factor: number): Spend {
  return {
    all: spend.all * factor,
    uncached: spend.uncached * factor,
    billable: spend.billable * factor,
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
