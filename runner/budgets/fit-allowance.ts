import type { BudgetAccount } from "./budget-account.ts";
import type { BudgetRefusal } from "./budget-attempt.ts";
import { fromGrains } from "./budget-unit.ts";
import type { EnforcementMode } from "./budgets-file.ts";
import { naturalFigures } from "./natural-figures.ts";

/** Whether a window or a pair may start. */
export type Fit =
  | { readonly fits: true }
  | {
      readonly fits: false;
      /** Attempts that are open may leave enough of their allowance, or time may free some: ask again. */
      readonly mayFitLater: boolean;
      readonly refusal: BudgetRefusal;
    };

/**
 * Compares an allowance with what is left of a budget.
 * @param allowance grains; null where nothing bounds it, which fits as long as anything is left.
 */
export function fitAllowance(
  allowance: number | null,
  {
    mode,
    account,
    outstanding,
  }: {
    readonly mode: EnforcementMode;
    readonly account: BudgetAccount;
    /** What the open attempts may still take of their allowances, grains. */
    readonly outstanding: number;
  },
): Fit {
  const { scope, unit, limit, used } = account;
  if (mode === "warn" || limit === null) return { fits: true };
  const reserved = account.reserved + outstanding;
  // A spent budget lets nothing start, not even what expects to take nothing.
  const requested = Math.max(1, allowance ?? 1);
  if (used + reserved + requested <= limit) return { fits: true };
  const isRolling = scope === "period";
  const fitsAlone = isRolling ? requested <= limit : reserved > 0 && used + requested <= limit;
  return {
    fits: false,
    mayFitLater: fitsAlone,
    refusal: {
      ...naturalFigures(account),
      reserved: fromGrains(unit, reserved),
      requested: fromGrains(unit, requested),
      limit: fromGrains(unit, limit),
      freesAtMs: isRolling && fitsAlone ? account.roomAtMs(requested + reserved) : null,
    },
  };
}
