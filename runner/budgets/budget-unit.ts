import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";

/** Grains per natural unit. Grains are whole numbers, so that sums need no rounding. */
const GRAINS = { tokens: 1, usd: 1_000_000_000, minutes: 60_000 } as const satisfies Record<
  BudgetUnit,
  number
>;

export const BUDGET_UNITS: readonly BudgetUnit[] = ["tokens", "usd", "minutes"];

/**
 * Amounts in every unit, in grains: tokens, nano-dollars, milliseconds. null means unknown or unlimited.
 */
export type Amounts = Readonly<Record<BudgetUnit, number | null>>;

export const NOTHING: Readonly<Record<BudgetUnit, number>> = { tokens: 0, usd: 0, minutes: 0 };

export const UNBOUNDED: Amounts = { tokens: null, usd: null, minutes: null };

/** Converts tokens, dollars or minutes to grains, at most the largest safe integer. */
export function toGrains(unit: BudgetUnit, amount: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.round(amount * GRAINS[unit]));
}

/** Converts grains to tokens, dollars or minutes. `toGrains` restores them exactly. */
export function fromGrains(unit: BudgetUnit, grains: number): number {
  return grains / GRAINS[unit];
}
