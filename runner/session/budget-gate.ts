import type { PlannedWindow } from "../assignment/plan.ts";

/** Whether windows may start now, or later, or not at all in this session. */
type StartDecision =
  | { readonly mayStart: true }
  | {
      readonly mayStart: false;
      readonly mayFitLater: boolean;
      readonly sentence: string;
      /** Writes the refusal down, where the session ends with it. */
      readonly record: () => void;
    };

/** What the session asks of the budgets before it lets a unit's remaining windows start. */
export interface BudgetGate {
  check(windows: readonly PlannedWindow[]): StartDecision;
}
