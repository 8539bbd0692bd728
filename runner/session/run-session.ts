import type { Plan, PlannedUnit, PlannedWindow } from "../assignment/plan.ts";
import type { BudgetGate } from "./budget-gate.ts";
import type { SessionObserver } from "./session-observer.ts";
import type { SessionRecorder } from "./session-recorder.ts";
import type { SessionRules } from "./session-rules.ts";
import type { UnitHours } from "./unit-hours.ts";
import { createUnitSchedule, isInHours } from "./unit-schedule.ts";
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
  /** Peak hours and the others; without them every unit may be worked at any time. */
  readonly hours?: UnitHours;
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
  const schedule = createUnitSchedule(parts);
  const stop = new AbortController();
  const broken = new AbortController();
  const ended = AbortSignal.any([signal, broken.signal]);
  let end: SessionEnd = { reason: "complete" };

  async function workUnits(): Promise<void> {
    const waiting = AbortSignal.any([ended, stop.signal]);
    let unit = await schedule.next(waiting);
    while (unit !== undefined && !stop.signal.aborted) {
      // One after the other: a unit's windows are periods of one comparison.
      // oxlint-disable-next-line no-await-in-loop
      const unitEnd = await workUnit(parts, unit, ended);
      if (unitEnd.reason !== "other_hours") parts.budgets.giveUp(unit.windows);
      if (unitEnd.reason === "other_hours") {
        schedule.putBack(unit);
      } else if (unitEnd.reason !== "complete") {
        if (end.reason === "complete") end = unitEnd;
        stop.abort();
      }
      // oxlint-disable-next-line no-await-in-loop
      unit = await schedule.next(waiting);
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

/** How a unit ended: as the session does, or with windows left that wait for their hours. */
type UnitEnd = SessionEnd | { readonly reason: "other_hours" };

/** A unit, and those of its windows that are not final yet. */
interface Remaining {
  readonly unit: PlannedUnit;
  readonly windows: readonly PlannedWindow[];
}

async function workUnit(
  parts: SessionParts,
  unit: PlannedUnit,
  signal: AbortSignal,
): Promise<UnitEnd> {
  const open = unit.windows.filter(({ window }) => !parts.recorder.isFinal(window));
  for (const [index, planned] of open.entries()) {
    if (signal.aborted) return { reason: "interrupted" };
    if (parts.rules?.mayWork(planned, unit) === false) continue;
    const remaining = { unit, windows: open.slice(index) };
    const stopped = await waitForBudget(parts, remaining, signal);
    if (stopped !== null) return stopped;
    if (planned.period > 1 && parts.washoutMs > 0) await parts.wait(parts.washoutMs, signal);
    if (signal.aborted) return { reason: "interrupted" };
    const end = await workWindow(parts, remaining, signal);
    if (end.reason !== "complete") return end;
    await parts.rules?.afterWindow();
  }
  return { reason: "complete" };
}

/**
 * Null once the windows fit the budget, in their hours; with several at work, what they leave may
 * come to fit. The hours are asked before each check, since what fits is promised to the windows.
 */
async function waitForBudget(
  parts: SessionParts,
  { unit, windows }: Remaining,
  signal: AbortSignal,
): Promise<UnitEnd | null> {
  const { budgets, wait, observer } = parts;
  let isSaid = false;
  while (isInHours(unit, parts)) {
    const decision = budgets.check(windows);
    if (decision.mayStart) return null;
    if (signal.aborted) return { reason: "interrupted" };
    if (!decision.mayFitLater) {
      decision.record();
      return { reason: "budget", sentence: decision.sentence };
    }
    if (decision.waitsFor !== null && !isSaid) observer.noted(decision.waitsFor);
    isSaid ||= decision.waitsFor !== null;
    // oxlint-disable-next-line no-await-in-loop -- waiting is the point
    await wait(BUDGET_POLL_MS, signal);
  }
  return { reason: "other_hours" };
}

/** Attempts the first of a unit's remaining windows until it is final or the session has to stop. */
async function workWindow(
  parts: SessionParts,
  remaining: Remaining,
  signal: AbortSignal,
): Promise<UnitEnd> {
  const { recorder, observer, hours } = parts;
  const { unit, windows } = remaining;
  const [planned] = windows;
  if (planned === undefined) return { reason: "complete" };
  while (!recorder.isFinal(planned.window)) {
    const openedMs = hours?.nowMs() ?? 0;
    const order = await recorder.open(planned, parts.worker);
    observer.windowStarted(planned, order.attempt);
    const worked = await parts.worker.work(order, signal);
    const breaches = hours?.findBreaches(unit, openedMs) ?? [];
    const result = { ...worked, anomalies: [...worked.anomalies, ...breaches] };
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
