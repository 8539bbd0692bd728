import type {
  BudgetDebited,
  BudgetEvent,
  BudgetRefused,
  BudgetReserved,
} from "../../ledger/domain/budget-event.ts";
import type { TokenBasis } from "../../ledger/domain/token-basis.ts";
import type { Usage } from "../../ledger/domain/usage.ts";
import type { AttemptFields, BudgetRefusal } from "./budget-attempt.ts";
import type { Advance } from "./flight.ts";

/** What every row of a budget carries. */
export type BudgetRowKey = AttemptFields & { readonly basis: TokenBasis };

export function reservedRow(
  key: BudgetRowKey,
  { reservation, tokens }: { readonly reservation: string; readonly tokens: number },
): BudgetReserved {
  return { record: "budget_reserved", ...key, reservation, tokens };
}

export function refusedRow(key: BudgetRowKey, { name, ...figures }: BudgetRefusal): BudgetRefused {
  return { record: "budget_refused", ...key, budget: name, ...figures };
}

/** The debit, then the warnings and breaches that it caused. */
export function debitRows(
  key: BudgetRowKey,
  advance: Advance,
  told: { readonly isEstimated?: boolean; readonly usage?: Usage | undefined } = {},
): readonly BudgetEvent[] {
  return [debitedRow(key, advance, told), ...advance.crossings.flatMap(crossingRows(key))];
}

function debitedRow(
  key: BudgetRowKey,
  { reservation, command, delta, total, overshoot, isFinal }: Advance,
  { isEstimated, usage }: { readonly isEstimated?: boolean; readonly usage?: Usage | undefined },
): BudgetDebited {
  return {
    record: "budget_debited",
    ...key,
    reservation,
    command,
    delta,
    total,
    overshoot,
    is_final: isFinal,
    ...(isEstimated === true && { is_estimated: true }),
    ...(usage !== undefined && { usage }),
  };
}

function crossingRows(key: BudgetRowKey) {
  return (crossing: Advance["crossings"][number]): readonly BudgetEvent[] => {
    const { name, scope, used, limit, thresholdsPercent, isBreach } = crossing;
    if (limit === null) return [];
    const figures = { ...key, budget: name, scope, used, limit };
    const warnings = thresholdsPercent.map((percent) => ({
      record: "budget_warned" as const,
      ...figures,
      threshold_percent: percent,
    }));
    return isBreach ? [...warnings, { record: "budget_breached" as const, ...figures }] : warnings;
  };
}
