import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { Amounts } from "./budget-unit.ts";

/**
 * What windows may take that were let start, from then until their attempt is open. A workspace is
 * made in between: without this, several windows at once would each count on the same room.
 */
export class PromisedWindows {
  readonly #allowances = new Map<string, Amounts>();

  promise(window: string, allowance: Amounts): void {
    this.#allowances.set(window, allowance);
  }

  release(window: string): void {
    this.#allowances.delete(window);
  }

  /** Grains. */
  sum(unit: BudgetUnit): number {
    return [...this.#allowances.values()].reduce((sum, amounts) => sum + (amounts[unit] ?? 0), 0);
  }
}
