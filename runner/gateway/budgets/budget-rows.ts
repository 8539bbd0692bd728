import type {
  BudgetDebited,
  BudgetEvent,
  BudgetRefused,
  BudgetReserved,
} from "../../../ledger/domain/budget-event.ts";
import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { TokenBasis } from "../../../ledger/domain/token-basis.ts";
import type { Usage } from "../../../ledger/domain/usage.ts";
import type { Crossing } from "./budget-account.ts";
import type {
  Advance,
  AttemptFields,
  BudgetRefusal,
  OpenAttempt,
  Taken,
} from "./budget-attempt.ts";
import { fromGrains } from "./budget-unit.ts";

/** The fields in every row of a budget. */
export type BudgetRowKey = AttemptFields & { readonly basis: TokenBasis };

/** Details of a debit, without its totals. */
export interface ToldOfDebit {
  readonly isEstimated?: boolean;
  readonly isUsdEstimated?: boolean;
  readonly usage?: Usage | undefined;
  readonly model?: string | null;
}

export function reservedRow(
  key: BudgetRowKey,
  { reservation, estimate }: { readonly reservation: string; readonly estimate: Taken },
): BudgetReserved {
  return {
    record: "budget_reserved",
    ...key,
    reservation,
    tokens: estimate.tokens,
    ...(estimate.usd !== null && { usd: dollars(estimate.usd) }),
  };
}

export function refusedRow(
  key: BudgetRowKey,
  { name, freesAtMs, unpricedModel, isPassing: _isPassing, ...figures }: BudgetRefusal,
): BudgetRefused {
  return {
    record: "budget_refused",
    ...key,
    budget: name,
    ...figures,
    frees_at: freesAtMs === null ? null : timestampOf(freesAtMs),
    ...(unpricedModel !== undefined && { unpriced_model: unpricedModel }),
  };
}

/** Returns the debit, then the warnings and breaches that it caused. */
export function debitRows(
  key: BudgetRowKey,
  advance: Advance,
  told: ToldOfDebit = {},
): readonly BudgetEvent[] {
  return [debitedRow(key, advance, told), ...advance.crossings.flatMap(crossingRows(key))];
}

function debitedRow(
  key: BudgetRowKey,
  { reservation, attempt, delta, total, overshoot, isFinal }: Advance,
  { isEstimated, isUsdEstimated, usage, model }: ToldOfDebit,
): BudgetDebited {
  return {
    record: "budget_debited",
    ...key,
    reservation,
    command: attempt.command,
    role: attempt.role,
    delta: delta.tokens,
    total: total.tokens,
    overshoot: overshoot.tokens,
    ...(total.usd !== null && {
      delta_usd: dollars(delta.usd ?? 0),
      total_usd: dollars(total.usd),
      overshoot_usd: dollars(overshoot.usd ?? 0),
    }),
    is_final: isFinal,
    ...(isEstimated === true && { is_estimated: true }),
    ...(isUsdEstimated === true && { is_usd_estimated: true }),
    ...(typeof model === "string" && { model }),
    ...(usage !== undefined && { usage }),
  };
}

/** Returns the debit of an attempt's wall time. It contains no tokens. */
export function timeRow(key: BudgetRowKey, attempt: OpenAttempt): BudgetDebited {
  return {
    record: "budget_debited",
    ...key,
    reservation: attempt.timeReservation,
    command: attempt.command,
    role: attempt.role,
    delta: 0,
    total: 0,
    overshoot: 0,
    is_final: true,
    unit: "minutes",
    minutes: fromGrains("minutes", attempt.elapsedMs),
  };
}

export function crossingRows(key: BudgetRowKey) {
  return (crossing: Crossing): readonly BudgetEvent[] => {
    const { name, scope, unit, used, limit, thresholdsPercent, isBreach } = crossing;
    if (limit === null || (thresholdsPercent.length === 0 && !isBreach)) return [];
    const amounts = { used: fromGrains(unit, used), limit: fromGrains(unit, limit) };
    const figures = { ...key, budget: name, scope, unit, ...amounts };
    const warnings = thresholdsPercent.map((percent) => ({
      record: "budget_warned" as const,
      ...figures,
      threshold_percent: percent,
    }));
    return isBreach ? [...warnings, { record: "budget_breached" as const, ...figures }] : warnings;
  };
}

function dollars(nanoDollars: number): number {
  return fromGrains("usd", nanoDollars);
}
