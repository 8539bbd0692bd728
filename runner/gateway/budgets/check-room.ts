import { type BudgetAccount, naturalFigures } from "./budget-account.ts";
import type { BudgetRefusal, Taken } from "./budget-attempt.ts";
import { fromGrains } from "./budget-unit.ts";
import type { EnforcementMode } from "./budgets-file.ts";

/** Whether a window or a pair may start. */
export type Fit =
  | { readonly fits: true }
  | {
      readonly fits: false;
      /** Open attempts may use less than their allowances, or time may make room: ask again. */
      readonly mayFitLater: boolean;
      readonly refusal: BudgetRefusal;
    };

/**
 * Compares an allowance with what is left of a budget.
 * @param allowance grains; null if nothing limits it. Such an allowance fits as long as anything is left.
 */
interface Fitting {
  readonly mode: EnforcementMode;
  readonly account: BudgetAccount;
  readonly outstanding: number;
}

export function fitAllowance(
  allowance: number | null,
  { mode, account, outstanding }: Fitting,
): Fit {
  const { scope, unit, limit, used } = account;
  if (mode === "warn" || limit === null) return { fits: true };
  const reserved = account.reserved + outstanding;
  // A spent budget lets nothing start, not even work that expects to use nothing.
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

/**
 * Returns the first account without room for a request; undefined if every account has room.
 * @param freedOf what an account would have free besides, grains.
 */
export function findTight(
  accounts: readonly BudgetAccount[],
  estimate: Taken,
  freedOf: (account: BudgetAccount) => number = () => 0,
): BudgetAccount | undefined {
  return accounts.find(
    (account) => account.limit !== null && !hasRoom(account, estimate, freedOf(account)),
  );
}

/** A request of unknown cost has no room: a dollar budget fails closed. */
function hasRoom(account: BudgetAccount, { tokens, usd }: Taken, freed: number): boolean {
  switch (account.unit) {
    case "tokens":
      return account.room(freed) >= tokens;
    case "usd":
      return usd !== null && account.room(freed) >= Math.max(1, usd);
    case "minutes":
      return account.room() > 0;
  }
}

/** Returns the refusal by an account without room, in natural units. */
export function refusalBy(
  account: BudgetAccount,
  estimate: Taken,
  model: string | null = null,
): BudgetRefusal {
  const { unit, limit, reserved } = account;
  const requested = unit === "minutes" ? 0 : (estimate[unit] ?? 0);
  const isUnpriced = unit === "usd" && estimate.usd === null;
  return {
    ...naturalFigures(account),
    requested: fromGrains(unit, requested),
    limit: fromGrains(unit, limit ?? 0),
    freesAtMs: isUnpriced ? null : account.roomAtMs(requested + reserved),
    ...(isUnpriced && { unpricedModel: model ?? "unnamed" }),
  };
}
