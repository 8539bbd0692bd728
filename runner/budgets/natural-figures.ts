import type { BudgetFigures } from "./budget-account.ts";
import { fromGrains } from "./budget-unit.ts";

/** The figures of a budget as they stand now, in tokens, dollars or minutes: an account goes on changing. */
export function naturalFigures(account: BudgetFigures): BudgetFigures {
  const { name, scope, unit, used, reserved, limit } = account;
  return {
    name,
    scope,
    unit,
    used: fromGrains(unit, used),
    reserved: fromGrains(unit, reserved),
    limit: limit === null ? null : fromGrains(unit, limit),
  };
}
