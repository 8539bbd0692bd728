import type { BudgetUnit } from "../../../ledger/domain/budget-event.ts";

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

/** Makes a value for each unit. */
export function perUnit<Value>(of: (unit: BudgetUnit) => Value): Record<BudgetUnit, Value> {
  return { tokens: of("tokens"), usd: of("usd"), minutes: of("minutes") };
}

/** The sum of amounts in each unit; null if one of them is. */
export function sumOf(all: readonly Amounts[]): Amounts {
  return perUnit((unit) =>
    all.reduce<number | null>((total, { [unit]: amount }) => {
      return total === null || amount === null ? null : total + amount;
    }, 0),
  );
}

/** Converts tokens, dollars or minutes to grains, at most the largest safe integer. */
export function toGrains(unit: BudgetUnit, amount: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.round(amount * GRAINS[unit]));
}

/** Converts grains to tokens, dollars or minutes. `toGrains` restores them exactly. */
export function fromGrains(unit: BudgetUnit, grains: number): number {
  return grains / GRAINS[unit];
}

const CENT = 0.01;
/** Below this, a tenth of a minute is too coarse to distinguish the used time from the limit. */
const COARSE_MINUTES = 1;

/** Formats an amount for a sentence: `6000 tokens`, `$1.50`, `90 minutes`, `1 minute`. */
export function sayAmount(unit: BudgetUnit, amount: number): string {
  switch (unit) {
    case "tokens":
      return counted(Math.round(amount), "token");
    case "usd":
      return `$${sayDollars(amount)}`;
    case "minutes":
      return counted(
        Number(amount < COARSE_MINUTES ? amount.toPrecision(2) : amount.toFixed(1)),
        "minute",
      );
  }
}

function counted(amount: number, unit: string): string {
  return `${String(amount)} ${unit}${amount === 1 ? "" : "s"}`;
}

/** Shows up to hundredths of a cent: in whole cents, a refused amount could seem to have room. */
function sayDollars(amount: number): string {
  if (amount > 0 && amount < CENT) return String(Number(amount.toPrecision(2)));
  const cents = amount.toFixed(2);
  const exact = amount.toFixed(4);
  return Number(cents) === Number(exact) ? cents : exact;
}
