import type { BudgetAccount } from "./budget-account.ts";
import type { BudgetRefusal } from "./budget-attempt.ts";
import { fromGrains } from "./budget-unit.ts";
import type { Taken } from "./flight.ts";
import { naturalFigures } from "./natural-figures.ts";

/** The first account without room for a request; undefined where it fits everywhere. */
export function findTight(
  accounts: readonly BudgetAccount[],
  estimate: Taken,
): BudgetAccount | undefined {
  return accounts.find((account) => account.limit !== null && !hasRoom(account, estimate));
}

/** What is not known to cost little is not let through: a dollar budget fails closed. */
function hasRoom(account: BudgetAccount, { tokens, usd }: Taken): boolean {
  switch (account.unit) {
    case "tokens":
      return account.room() >= tokens;
    case "usd":
      return usd !== null && account.room() >= Math.max(1, usd);
    case "minutes":
      return account.room() > 0;
  }
}

/** The refusal that a tight account makes, in natural units. */
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
