import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";

const CENT = 0.01;

/** An amount for a sentence: `6000 tokens`, `$1.50`, `90 minutes`. */
export function sayAmount(unit: BudgetUnit, amount: number): string {
  switch (unit) {
    case "tokens":
      return `${String(Math.round(amount))} tokens`;
    case "usd":
      return `$${amount > 0 && amount < CENT ? String(Number(amount.toPrecision(2))) : amount.toFixed(2)}`;
    case "minutes":
      return `${String(Number(amount.toFixed(1)))} minutes`;
  }
}
