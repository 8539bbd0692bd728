import type { PlannedWindow } from "../assignment/plan.ts";
import type { AttemptResult } from "./window-worker.ts";

/** Who watches a session: the terminal's display, a log, nobody. It never changes what happens. */
export interface SessionObserver {
  windowStarted(planned: PlannedWindow, attempt: number): void;
  /** A request was settled: budgets and counts have changed. */
  spent(): void;
  windowEnded(planned: PlannedWindow, result: AttemptResult): void;
  noted(sentence: string): void;
}
