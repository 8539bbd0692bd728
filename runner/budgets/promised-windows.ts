import type { BudgetUnit } from "../../ledger/domain/budget-event.ts";
import type { Amounts } from "./budget-unit.ts";

/**
 * What windows may take that have no attempt yet, and that nobody else may count on: those that were
 * let start, while their workspace is made, and those whose pair has begun and whose turn comes later.
 */
export class PromisedWindows {
  readonly #starting = new Map<string, Amounts>();
  readonly #later = new Map<string, Amounts>();

  /** For a window that starts now, until `release`. */
  promise(window: string, allowance: Amounts): void {
    this.#later.delete(window);
    this.#starting.set(window, allowance);
  }

  release(window: string): void {
    this.#starting.delete(window);
  }

  /** For a window whose pair has begun, until it starts or its pair is given up. */
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

  /** What starting windows may take, grains. */
  starting(unit: BudgetUnit): number {
    return sumOf(this.#starting, unit);
  }

  /** What is kept for windows whose turn comes later, grains. */
  kept(unit: BudgetUnit): number {
    return sumOf(this.#later, unit);
  }
}

function sumOf(allowances: ReadonlyMap<string, Amounts>, unit: BudgetUnit): number {
  return allowances.values().reduce((sum, amounts) => sum + (amounts[unit] ?? 0), 0);
}
