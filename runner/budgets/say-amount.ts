import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";

const CENT = 0.01;

/** An amount for a sentence: `6000 tokens`, `$1.50`, `90 minutes`. */
export function sayAmount(unit: BudgetUnit, amount: number): string {
  switch (unit) {
    case "tokens":
      return `${String(Math.round(amount))} tokens`;
    case "usd":
      return `$${sayDollars(amount)}`;
    case "minutes":
      return `${String(Number(amount.toFixed(1)))} minutes`;
  }
}

/** Down to the hundredth of a cent: in whole cents, what was refused would seem to have had room. */
function sayDollars(amount: number): string {
  if (amount > 0 && amount < CENT) return String(Number(amount.toPrecision(2)));
  const cents = amount.toFixed(2);
  const exact = amount.toFixed(4);
  return Number(cents) === Number(exact) ? cents : exact;
}
