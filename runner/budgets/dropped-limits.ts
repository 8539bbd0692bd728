import { z } from "zod";

import { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { BudgetLimit } from "./budget-limits.ts";
import { sayAmount } from "./say-amount.ts";

const KeptLimit = z.looseObject({
  scope: BudgetScope,
  name: z.string(),
  unit: BudgetUnit,
  limit: z.number(),
  origin: z.string(),
  is_held: z.boolean(),
});
const Opened = z.looseObject({
  settings: z.looseObject({ budgets: z.looseObject({ limits: z.array(KeptLimit) }) }),
});

/**
 * What the user is told of limits that an experiment's last session had, and that nobody gave
 * again: who goes on after a spent budget may think that it still holds.
 * @param rows of `experiments.jsonl`, in their order.
 */
export function sayDroppedLimits(
  rows: Iterable<Readonly<Record<string, unknown>>>,
  {
    experimentId,
    limits,
  }: { readonly experimentId: string; readonly limits: readonly BudgetLimit[] },
): readonly string[] {
  let last: unknown = null;
  for (const row of rows) {
    if (row["record"] === "session_opened" && row["experiment_id"] === experimentId) last = row;
  }
  const kept = Opened.safeParse(last).data?.settings.budgets.limits ?? [];
  const given = new Set(limits.map((one) => keyOf(one)));
  return kept
    .filter((one) => one.is_held && !given.has(keyOf(one)))
    .map(
      ({ name, unit, limit, origin }) =>
        `The last session's ${name} budget of ${sayAmount(unit, limit)} (${origin}) was not given again: it does not hold.`,
    );
}

function keyOf({ scope, name, unit }: Pick<BudgetLimit, "scope" | "name" | "unit">): string {
  return JSON.stringify([scope, name, unit]);
}
