import type { BudgetFigures } from "./budget-account.ts";
import type { BudgetRefusal } from "./budget-attempt.ts";
import type { EnforcementMode } from "./budgets-file.ts";

/** Whether a window or a pair may start. */
export type Fit =
  | { readonly fits: true }
  | {
      readonly fits: false;
      /** Attempts that are open may leave enough of their allowance: ask again when one closes. */
      readonly mayFitLater: boolean;
      readonly refusal: BudgetRefusal;
    };

/**
 * Compares an allowance with what is left overall.
 * @param allowance tokens; null where nothing bounds it, which fits as long as anything is left.
 */
export function fitAllowance(
  allowance: number | null,
  {
    mode,
    overall,
    outstanding,
  }: {
    readonly mode: EnforcementMode;
    readonly overall: BudgetFigures;
    /** What the open attempts may still take of their allowances, tokens. */
    readonly outstanding: number;
  },
): Fit {
  const { limit, used } = overall;
  if (mode === "warn" || limit === null) return { fits: true };
  const reserved = overall.reserved + outstanding;
  // A spent budget lets nothing start, not even what expects to take nothing.
  const requested = Math.max(1, allowance ?? 1);
  if (used + reserved + requested <= limit) return { fits: true };
  return {
    fits: false,
    mayFitLater: reserved > 0 && used + requested <= limit,
    refusal: { name: overall.name, scope: overall.scope, used, reserved, requested, limit },
  };
}
