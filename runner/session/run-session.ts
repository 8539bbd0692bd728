import type { MatchedSet, PlannedWindow } from "../assignment/plan.ts";
import type { AttemptResult } from "../windows/window-worker.ts";
import type { SessionParts } from "./session-parts.ts";
import { createSetSchedule, isInHours } from "./set-schedule.ts";

const BUDGET_POLL_MS = 200;

/** Why a session stopped. */
export type SessionEnd =
  | { readonly reason: "complete" }
  | { readonly reason: "interrupted" }
  | { readonly reason: "budget"; readonly sentence: string }
  | { readonly reason: "halted"; readonly sentence: string };

/**
 * Works every window of the plan that is not final, the periods of each set in their order, up to
 * `concurrency` sets at once. It resolves when all are final, or when nothing more may start.
 */
export async function runSession(parts: SessionParts, signal: AbortSignal): Promise<SessionEnd> {
  const schedule = createSetSchedule(parts);
  const stop = new AbortController();
  const broken = new AbortController();
  const ended = AbortSignal.any([signal, broken.signal]);
  let end: SessionEnd = { reason: "complete" };

  async function workSets(): Promise<void> {
    const waiting = AbortSignal.any([ended, stop.signal]);
    let set = await schedule.next(waiting);
    while (set !== undefined && !stop.signal.aborted) {
      // The windows of a set are periods of one comparison, so they follow each other.
      const setEnd = await workSet(parts, set, ended);
      if (setEnd.reason !== "other_hours") parts.budgets.giveUp(set.windows);
      if (setEnd.reason === "other_hours") {
        schedule.putBack(set);
      } else if (setEnd.reason !== "complete") {
        if (end.reason === "complete") end = setEnd;
        stop.abort();
      }
      set = await schedule.next(waiting);
    }
  }

  const workers = Array.from({ length: parts.concurrency }, async () => {
    try {
      await workSets();
    } catch (error) {
      // No agent continues if the session can't record its work.
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

/** How a set ended: like a session, or with windows that still wait for their hours. */
type SetEnd = SessionEnd | { readonly reason: "other_hours" };

/** A set with its windows that are not final. */
interface Remaining {
  readonly set: MatchedSet;
  readonly windows: readonly PlannedWindow[];
}

async function workSet(parts: SessionParts, set: MatchedSet, signal: AbortSignal): Promise<SetEnd> {
  const open = set.windows.filter(({ window }) => !parts.recorder.isFinal(window));
  for (const [index, planned] of open.entries()) {
    if (signal.aborted) return { reason: "interrupted" };
    if (parts.rules?.mayWork(planned, set) === false) continue;
    const remaining = { set, windows: open.slice(index) };
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
 * Null once the windows fit the budget in their hours. While others are running, it waits for what they
 * leave. It asks for the hours before each check, because a check reserves the budget.
 */
async function waitForBudget(
  parts: SessionParts,
  { set, windows }: Remaining,
  signal: AbortSignal,
): Promise<SetEnd | null> {
  const { budgets, wait, observer } = parts;
  let isSaid = false;
  while (isInHours(set, parts)) {
    const decision = budgets.check(windows);
    if (decision.mayStart) return null;
    if (signal.aborted) return { reason: "interrupted" };
    if (!decision.mayFitLater) {
      decision.record();
      return { reason: "budget", sentence: decision.sentence };
    }
    if (decision.waitsFor !== null && !isSaid) observer.noted(decision.waitsFor);
    isSaid ||= decision.waitsFor !== null;
    await wait(BUDGET_POLL_MS, signal);
  }
  return { reason: "other_hours" };
}

/** Works the first of a set's remaining windows until it is final or the session must stop. */
async function workWindow(
  parts: SessionParts,
  remaining: Remaining,
  signal: AbortSignal,
): Promise<SetEnd> {
  const { recorder, observer, hours } = parts;
  const { set, windows } = remaining;
  const [planned] = windows;
  if (planned === undefined) return { reason: "complete" };
  while (!recorder.isFinal(planned.window)) {
    const openedMs = hours?.nowMs() ?? 0;
    const order = await recorder.open(planned, parts.worker);
    observer.windowStarted(planned, order.attempt);
    const worked = await parts.worker.work(order, signal);
    const breaches = hours?.findBreaches(set, openedMs) ?? [];
    const result = { ...worked, anomalies: [...worked.anomalies, ...breaches] };
    await recorder.close(order, result, parts.worker.methodology);
    observer.windowEnded(planned, result);
    const end = endAfter(result);
    if (end !== null) return end;
    if (!recorder.isFinal(planned.window)) {
      observer.noted(
        `${planned.window}: ${result.reason ?? result.outcome} The window is retried.`,
      );
      await parts.wait(parts.retryDelayMs, signal);
      if (signal.aborted) return { reason: "interrupted" };
      // The attempt has spent its part of the budget, so the next one must fit again.
      const stopped = await waitForBudget(parts, remaining, signal);
      if (stopped !== null) return stopped;
    }
  }
  return { reason: "complete" };
}

/** The end of the session after outcomes that concern more than their window. */
function endAfter({ outcome, reason, spentBudget }: AttemptResult): SessionEnd | null {
  if (outcome === "interrupted") return { reason: "interrupted" };
  // A rolling period frees budget by itself, so the window waits and is tried again.
  if (outcome === "session_budget" && spentBudget !== "period")
    return { reason: "budget", sentence: reason ?? outcome };
  return null;
}
