import { NOTHING } from "./budget-unit.ts";
import type { RequestSpend, SpendingFold } from "./spending-fold.ts";

/** Tokens of the basis, nano-dollars and milliseconds. */
type Sums = typeof NOTHING;

/** What the ledger knows to be spent: what a further session's book starts from; grains. */
export interface Spent {
  /** Of the experiment. */
  readonly overall: Sums;
  /** Of the experiment, by `W0-01.1`, with the number of its requests. */
  readonly attempts: ReadonlyMap<string, { readonly sums: Sums; readonly requests: number }>;
  /** Of the whole ledger, request by request, with the moment (epoch ms) at which each was known. */
  readonly requests: readonly (Pick<Sums, "tokens" | "usd"> & { readonly atMs: number })[];
}

export const NOTHING_SPENT: Spent = { overall: NOTHING, attempts: new Map(), requests: [] };

/** Adds up the rows of `budgets.jsonl`, oldest first; the fold goes on from there with rows that come later. */
export function spentSoFar(
  rows: Iterable<Readonly<Record<string, unknown>>>,
  fold: SpendingFold,
): Spent {
  const settled: RequestSpend[] = [];
  for (const row of rows) {
    const { is, isFinal } = fold.see(row);
    if (isFinal && is !== null) settled.push(is);
  }
  return sumUp([...settled, ...fold.unsettled()], fold);
}

function sumUp(taken: readonly RequestSpend[], fold: SpendingFold): Spent {
  const attempts = new Map<string, { sums: Sums; requests: number }>();
  const own = taken.filter((one) => one.experimentId === fold.experimentId);
  for (const { attempt, tokens, usd } of own) {
    const { sums, requests } = attempts.get(attempt) ?? { sums: NOTHING, requests: 0 };
    const added = { ...sums, tokens: sums.tokens + tokens, usd: sums.usd + usd };
    attempts.set(attempt, { sums: added, requests: requests + 1 });
  }
  for (const [attempt, minutes] of fold.times()) {
    const { sums, requests } = attempts.get(attempt) ?? { sums: NOTHING, requests: 0 };
    attempts.set(attempt, { sums: { ...sums, minutes }, requests });
  }
  const overall = attempts.values().reduce<Sums>(
    (sum, { sums }) => ({
      tokens: sum.tokens + sums.tokens,
      usd: sum.usd + sums.usd,
      minutes: sum.minutes + sums.minutes,
    }),
    NOTHING,
  );
  const requests = taken.map(({ tokens, usd, atMs }) => ({ tokens, usd, atMs }));
  return { overall, attempts, requests };
}
