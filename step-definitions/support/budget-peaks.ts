import type { BudgetDebited, BudgetReserved } from "../../ledger/domain/budget-event.ts";

const NANO = 1e9;

/** Nano-dollars spent or reserved right after each reservation, of requests that are debited once. */
export function dollarPeaks(
  movements: readonly (BudgetReserved | BudgetDebited)[],
): readonly number[] {
  const held = new Map<string, number>();
  let spent = 0;
  const seen: number[] = [];
  for (const movement of movements) {
    if (movement.record === "budget_debited") {
      spent += Math.round((movement.delta_usd ?? 0) * NANO);
      held.delete(movement.reservation);
      continue;
    }
    held.set(movement.reservation, Math.round((movement.usd ?? Number.NaN) * NANO));
    seen.push(spent + [...held.values()].reduce((sum, nanos) => sum + nanos, 0));
  }
  return seen;
}
