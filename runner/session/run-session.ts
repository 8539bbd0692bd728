import type { Plan, PlannedUnit, PlannedWindow } from "../assignment/plan.ts";
import type { BudgetGate } from "./budget-gate.ts";
import type { SessionObserver } from "./session-observer.ts";
import type { SessionRecorder } from "./session-recorder.ts";
import type { SessionRules } from "./session-rules.ts";
import type { AttemptResult, WindowWorker } from "./window-worker.ts";

const BUDGET_POLL_MS = 200;

/** Why a session stopped. */
export type SessionEnd =
  | { readonly reason: "complete" }
  | { readonly reason: "interrupted" }
  | { readonly reason: "budget"; readonly sentence: string }
  | { readonly reason: "halted"; readonly sentence: string };

export interface SessionParts {
  readonly plan: Plan;
  readonly worker: WindowWorker;
  readonly recorder: SessionRecorder;
  readonly budgets: BudgetGate;
  readonly observer: SessionObserver;
  /** Looks, gates and stop rules; without them every window is worked. */
  readonly rules?: SessionRules;
  /** Waits for the given milliseconds, or less if the signal fires. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly concurrency: number;
  readonly washoutMs: number;
  readonly retryDelayMs: number;
}

/**
 * Works every window of the plan that is not final yet, each unit's periods in their order, up to
 * `concurrency` units at once. It resolves when all are final, or when nothing more may start.
 */
export async function runSession(parts: SessionParts, signal: AbortSignal): Promise<SessionEnd> {
  const units = parts.plan.units.values();
  const stop = new AbortController();
  const broken = new AbortController();
  const ended = AbortSignal.any([signal, broken.signal]);
  let end: SessionEnd = { reason: "complete" };

  async function workUnits(): Promise<void> {
    for (const unit of units) {
      if (stop.signal.aborted) return;
      // One after the other: a unit's windows are periods of one comparison.
      // oxlint-disable-next-line no-await-in-loop
      const unitEnd = await workUnit(parts, unit, ended);
      if (unitEnd.reason !== "complete") {
        if (end.reason === "complete") end = unitEnd;
        stop.abort();
      }
    }
  }

  const workers = Array.from({ length: parts.concurrency }, async () => {
    try {
      await workUnits();
    } catch (error) {
      // Nobody goes on with an agent when the session can't write down what it does.
      stop.abort();
      broken.abort();
      throw error;
    }
  });
  await Promise.allSettled(workers);
  await Promise.all(workers);
  const halted = parts.rules?.whyHalted() ?? null;
  return end.reason === "complete" && halted !== null
    ? { reason: "halted", sentence: halted }
    : end;
}

async function workUnit(
  parts: SessionParts,
  unit: PlannedUnit,
  signal: AbortSignal,
): Promise<SessionEnd> {
  const open = unit.windows.filter(({ window }) => !parts.recorder.isFinal(window));
  for (const [index, planned] of open.entries()) {
    if (signal.aborted) return { reason: "interrupted" };
    if (parts.rules?.mayWork(planned, unit) === false) continue;
    const stopped = await waitForBudget(parts, open.slice(index), signal);
    if (stopped !== null) return stopped;
    if (planned.period > 1 && parts.washoutMs > 0) await parts.wait(parts.washoutMs, signal);
    if (signal.aborted) return { reason: "interrupted" };
    const end = await workWindow(parts, open.slice(index), signal);
    if (end.reason !== "complete") return end;
    await parts.rules?.afterWindow();
  }
  return { reason: "complete" };
}

/** Null once the windows fit the budget; with several at work, what they leave may come to fit. */
async function waitForBudget(
  { budgets, wait, observer }: SessionParts,
  windows: readonly PlannedWindow[],
  signal: AbortSignal,
): Promise<SessionEnd | null> {
  let decision = budgets.check(windows);
  let isSaid = false;
  while (!decision.mayStart && decision.mayFitLater && !signal.aborted) {
    if (decision.waitsFor !== null && !isSaid) observer.noted(decision.waitsFor);
    isSaid ||= decision.waitsFor !== null;
    await wait(BUDGET_POLL_MS, signal);
    decision = budgets.check(windows);
  }
  if (decision.mayStart) return null;
  if (signal.aborted) return { reason: "interrupted" };
  decision.record();
  return { reason: "budget", sentence: decision.sentence };
}

/** Attempts the first of a unit's remaining windows until it is final or the session has to stop. */
async function workWindow(
  parts: SessionParts,
  remaining: readonly PlannedWindow[],
  signal: AbortSignal,
): Promise<SessionEnd> {
  const { recorder, observer } = parts;
  const [planned] = remaining;
  if (planned === undefined) return { reason: "complete" };
  while (!recorder.isFinal(planned.window)) {
    const order = await recorder.open(planned, parts.worker);
    observer.windowStarted(planned, order.attempt);
    const result = await parts.worker.work(order, signal);
    await recorder.close(order, result, parts.worker.methodology);
    observer.windowEnded(planned, result);
    const end = endAfter(result);
    if (end !== null) return end;
    if (!recorder.isFinal(planned.window)) {
      observer.noted(`${planned.window}: ${result.reason ?? result.outcome} It is tried again.`);
      await parts.wait(parts.retryDelayMs, signal);
      if (signal.aborted) return { reason: "interrupted" };
      // What the attempt spent is gone: another one has to fit as the first had to.
      const stopped = await waitForBudget(parts, remaining, signal);
      if (stopped !== null) return stopped;
    }
  }
  return { reason: "complete" };
}

/** Outcomes after which nothing else may start; the others concern their window alone. */
function endAfter({ outcome, reason, spentBudget }: AttemptResult): SessionEnd | null {
  if (outcome === "interrupted") return { reason: "interrupted" };
  // A rolling period makes room by itself: the window waits and is tried again.
  if (outcome === "session_budget" && spentBudget !== "period")
    return { reason: "budget", sentence: reason ?? outcome };
  return null;
}
