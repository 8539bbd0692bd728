import type { PlannedWindow } from "../assignment/plan.ts";

/** Whether windows may start now, or later, or not at all in this session. */
export type StartDecision =
  | { readonly mayStart: true }
  | {
      readonly mayStart: false;
      /** What is at work may leave enough, or time frees it: ask again. */
      readonly mayFitLater: boolean;
      /** What is waited for, where it is time that frees it; null where it is other windows. */
      readonly waitsFor: string | null;
      readonly sentence: string;
      /** Writes the refusal down, where the session ends with it. */
      readonly record: () => void;
    };

/** What the session asks of the budgets before it lets a unit's remaining windows start. */
export interface BudgetGate {
  check(windows: readonly PlannedWindow[]): StartDecision;
  /** Frees what is kept for a unit's windows, of which none starts any more. */
  giveUp(windows: readonly PlannedWindow[]): void;
}
