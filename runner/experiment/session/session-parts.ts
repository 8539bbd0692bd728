import type { Usage } from "../../../ledger/domain/usage.ts";
import type { Plan, PlannedWindow } from "../../plan/assignment/plan.ts";
import type { SessionRules } from "../../plan/looks/session-rules.ts";
import type { BudgetGate, StartDecision } from "../spending/session-budget-gate.ts";
import type { AttemptResult, WindowPhase, WindowWorker } from "../windows/window-worker.ts";
import type { ProviderHealth } from "./provider-health.ts";
import type { ProviderSlots } from "./provider-slots.ts";
import type { SessionRecorder } from "./session-recorder.ts";
import type { SetHours } from "./set-hours.ts";

/** Everything that a session needs. */
export interface SessionParts {
  readonly plan: Plan;
  readonly worker: WindowWorker<AttemptResult | null>;
  readonly recorder: Recorder;
  readonly budgets: BudgetGate | SharedBudgetGate;
  readonly observer: SessionObserver;
  /** Looks, gates and stop rules; without them every window runs. */
  readonly rules?: SessionRules;
  /** Which providers have failed; without it each window starts at once. */
  readonly health?: ProviderHealth;
  /** Peak hours and the others; without them every set may run at any time. */
  readonly hours?: SetHours;
  /** How many windows of a provider may run at a time; without it any number. */
  readonly slots?: Pick<ProviderSlots, "take">;
  /** Waits for the given milliseconds, or less if the signal fires. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly concurrency: number;
  readonly washoutMs: number;
  readonly retryDelayMs: number;
}

/** Records what becomes of windows, and knows which are final. */
export type Recorder = Pick<
  SessionRecorder,
  "isFinal" | "isUngraded" | "ungraded" | "open" | "close" | "closeUngraded"
>;

/** A gate that asks the budgets of a store that several machines share. */
interface SharedBudgetGate {
  check(windows: readonly PlannedWindow[]): Promise<StartDecision>;
  giveUp(windows: readonly PlannedWindow[]): Promise<void>;
}

/** What an observer learns about the end of an attempt or of a later grading. */
export type WindowEnd = Pick<
  AttemptResult,
  "outcome" | "reason" | "quality" | "usage" | "anomalies"
>;

/** Observes a session: the terminal's display, a log, or nothing. It never changes the session. */
export interface SessionObserver {
  windowStarted(planned: PlannedWindow, attempt: number): void;
  /** The window's agent starts to work, or its work is graded. Before, its workspace is set up. */
  phaseBegan(planned: PlannedWindow, phase: WindowPhase): void;
  /** A request was settled: budgets and counts have changed. null: nothing could count its tokens. */
  settled(usage: Usage | null): void;
  windowEnded(planned: PlannedWindow, end: WindowEnd): void;
  /** The window goes back to the schedule without an end. */
  windowWithdrawn?(planned: PlannedWindow): void;
  noted(sentence: string): void;
}
