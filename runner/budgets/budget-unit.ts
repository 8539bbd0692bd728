import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";

/** Whole numbers that add up without rounding: how many of them a natural unit has. */
const GRAINS = { tokens: 1, usd: 1_000_000_000, minutes: 60_000 } as const satisfies Record<
  BudgetUnit,
  number
>;

export const BUDGET_UNITS: readonly BudgetUnit[] = ["tokens", "usd", "minutes"];

/**
 * What was, or may be, taken, in every unit at once, in grains: tokens, nano-dollars, milliseconds.
 * null: unknown, or unlimited.
 */
export type Amounts = Readonly<Record<BudgetUnit, number | null>>;

export const NOTHING: Readonly<Record<BudgetUnit, number>> = { tokens: 0, usd: 0, minutes: 0 };

export const UNBOUNDED: Amounts = { tokens: null, usd: null, minutes: null };

/** Tokens, dollars or minutes as grains, at most the largest number that is still counted exactly. */
export function toGrains(unit: BudgetUnit, amount: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.round(amount * GRAINS[unit]));
}

/** Grains as tokens, dollars or minutes; the nearest number, which `toGrains` takes back exactly. */
export function fromGrains(unit: BudgetUnit, grains: number): number {
  return grains / GRAINS[unit];
}
