import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { Amounts } from "./budget-unit.ts";

/**
 * Allowances of windows that have no attempt yet and that no other window may use: windows that were
 * allowed to start, while their workspace is created, and later windows of a pair that has begun.
 */
export class PromisedWindows {
  readonly #starting = new Map<string, Amounts>();
  readonly #later = new Map<string, Amounts>();

  /** Promises an allowance to a window that starts now, until `release`. */
  promise(window: string, allowance: Amounts): void {
    this.#later.delete(window);
    this.#starting.set(window, allowance);
  }

  release(window: string): void {
    this.#starting.delete(window);
  }

  /** Keeps an allowance for a later window of a begun pair, until it starts or the pair is given up. */
  keep(window: string, allowance: Amounts): void {
    this.#later.set(window, allowance);
  }

  isKept(window: string): boolean {
    return this.#later.has(window);
  }

  giveUp(window: string): void {
    this.#starting.delete(window);
    this.#later.delete(window);
  }

  /** Returns the allowances of starting windows, grains. */
  starting(unit: BudgetUnit): number {
    return sumOf(this.#starting, unit);
  }

  /** Returns the allowances kept for later windows, grains. */
  kept(unit: BudgetUnit): number {
    return sumOf(this.#later, unit);
  }
}

function sumOf(allowances: ReadonlyMap<string, Amounts>, unit: BudgetUnit): number {
  return allowances.values().reduce((sum, amounts) => sum + (amounts[unit] ?? 0), 0);
}
