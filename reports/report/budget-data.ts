import { z } from "zod";

import { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";
import { TokenBasis } from "../../ledger/domain/token-basis.ts";
import { AffectedBy, Count, exact, listOf, Text, TextOrNull } from "../evidence/schema.ts";

const Limit = exact({
  /** Tokens; null: unlimited. */
  limit: Count.nullable(),
  /** What set the limit. */
  origin: TextOrNull,
  used: Count,
});

/** One budget in its own unit. */
const BudgetLine = exact({
  scope: BudgetScope,
  /** The base command, the role, or the scope's own name. */
  name: Text,
  unit: BudgetUnit,
  /** Tokens of the basis, dollars or minutes; null: unlimited, or not enforced. */
  limit: z.number().nonnegative().nullable(),
  origin: TextOrNull,
  /** What the limit is compared with: all use, use in the period, or the most expensive attempt. */
  used: z.number().nonnegative(),
  /** Use by all attempts; for a period the same as `used`. */
  total: z.number().nonnegative(),
  /** null if the budget is not counted by attempt. */
  attempts: Count.nullable(),
  /** Use by the last session in an hour; null if unknown, or counted by attempt. */
  pace_per_hour: z.number().nonnegative().nullable(),
});
export type BudgetLine = z.infer<typeof BudgetLine>;

export const Budgets = exact({
  mode: TextOrNull,
  basis: TokenBasis,
  /** Over all attempts of all sessions. */
  overall: Limit,
  /** Reserved for requests that were never settled; counts as used. */
  unsettled: Count,
  /** Taken beyond the reservations of requests. */
  overshoot: Count,
  /** A command's limit holds for each attempt: `used` is that of the most expensive one. */
  commands: listOf(
    exact({ command: Text, attempts: Count, total: Count, ...Limit.def.innerType.shape }),
  ),
  /** Every budget in every unit that was limited or used. */
  lines: listOf(BudgetLine),
  /** Use by attempts that had ended, over the time since the end of the first one. */
  burn: listOf(
    exact({
      at_ms: Count,
      tokens: z.number().nonnegative(),
      usd: z.number().nonnegative(),
      minutes: z.number().nonnegative(),
    }),
  ),
  /** Length of the rolling period, ms; null without one. */
  period_ms: Count.nullable(),
  /** Whether budgets are drawn as bars. */
  has_visuals: z.boolean(),
  events: listOf(exact({ budget: Text, warned: Count, refused: Count, breached: Count })),
  touched_by: AffectedBy,
});
export type Budgets = z.infer<typeof Budgets>;
