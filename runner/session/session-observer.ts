import type { PlannedWindow } from "../assignment/plan.ts";
import type { AttemptResult } from "../windows/window-worker.ts";

/** Observes a session: the terminal's display, a log, or nothing. It never changes the session. */
export interface SessionObserver {
  windowStarted(planned: PlannedWindow, attempt: number): void;
  /** A request was settled: budgets and counts have changed. */
  spent(): void;
  windowEnded(planned: PlannedWindow, result: AttemptResult): void;
  noted(sentence: string): void;
}
