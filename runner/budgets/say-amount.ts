import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";

const CENT = 0.01;
/** Below this, a tenth of a minute is too coarse to tell the used time from the limit. */
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
