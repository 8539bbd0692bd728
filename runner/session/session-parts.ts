import type { Plan } from "../assignment/plan.ts";
import type { SessionRules } from "../looks/session-rules.ts";
import type { WindowWorker } from "../windows/window-worker.ts";
import type { BudgetGate } from "./session-budget-gate.ts";
import type { SessionObserver } from "./session-observer.ts";
import type { SessionRecorder } from "./session-recorder.ts";
import type { SetHours } from "./set-hours.ts";

/** Everything that a session needs. */
export interface SessionParts {
  readonly plan: Plan;
  readonly worker: WindowWorker;
  readonly recorder: SessionRecorder;
  readonly budgets: BudgetGate;
  readonly observer: SessionObserver;
  /** Looks, gates and stop rules; without them every window runs. */
  readonly rules?: SessionRules;
  /** Peak hours and the others; without them every set may run at any time. */
  readonly hours?: SetHours;
  /** Waits for the given milliseconds, or less if the signal fires. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly concurrency: number;
  readonly washoutMs: number;
  readonly retryDelayMs: number;
}
