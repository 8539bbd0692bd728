import type { BudgetScope, BudgetUnit } from "../../ledger/domain/budget-event.ts";

const WORD: Readonly<Record<BudgetUnit, string>> = {
  tokens: "token",
  usd: "cost",
  minutes: "minutes",
};

/** The option that gives a limit, such as `--overall-cost-budget`. */
export function limitFlag(scope: BudgetScope, unit: BudgetUnit): string {
  const isNamed = scope === "command" || scope === "role";
  const word = isNamed && unit === "tokens" ? "" : `${WORD[unit]}-`;
  return `--${scope}-${word}budget`;
}
