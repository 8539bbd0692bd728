import { setTimeout as sleep } from "node:timers/promises";

import type { MatchedSet, PlannedWindow } from "../../plan/assignment/plan.ts";
import type { AttemptResult, LateGrade } from "../windows/window-worker.ts";
import type { SessionParts, WindowEnd } from "./session-parts.ts";
import { createSetSchedule, isInHours } from "./set-schedule.ts";

const BUDGET_POLL_MS = 200;

/** Why a session stopped. */
export type SessionEnd =
  | { readonly reason: "complete" }
  /** With a sentence if not everything is saved. */
  | { readonly reason: "interrupted"; readonly sentence?: string }
  | { readonly reason: "budget"; readonly sentence: string }
  /** A provider was stopped. */
  | { readonly reason: "incomplete"; readonly sentence: string }
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
      if (setEnd.reason !== "other_hours") await parts.budgets.giveUp(set.windows);
      if (setEnd.reason === "other_hours" || setEnd.reason === "pause") {
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
  await parts.rules?.checkLooks();
  if (end.reason !== "complete") return end;
  const halted = parts.rules?.whyHalted() ?? null;
  if (halted !== null) return { reason: "halted", sentence: halted };
  const stopped = [...(parts.health?.stopped ?? [])];
  const { plan, recorder } = parts;
  const windows = plan.sets.flatMap((set) => set.windows);
  if (stopped.length === 0 || windows.every(({ window }) => recorder.isFinal(window))) return end;
  return {
    reason: "incomplete",
    sentence: stopped.map(([provider, reason]) => `${provider}: ${reason}`).join("\n"),
  };
}

/** How a set ended: like a session, or with windows that still wait for their hours or their provider. */
type SetEnd = SessionEnd | { readonly reason: "other_hours" } | { readonly reason: "pause" };

/** A set with its windows that are not final. */
interface Remaining {
  readonly set: MatchedSet;
  readonly windows: readonly PlannedWindow[];
}

async function workSet(parts: SessionParts, set: MatchedSet, signal: AbortSignal): Promise<SetEnd> {
  const open = set.windows.filter(({ window }) => !parts.recorder.isFinal(window));
  for (const [index, planned] of open.entries()) {
    if (signal.aborted) return { reason: "interrupted" };
    const release = await parts.slots?.take(planned.provider, signal);
    try {
      if (parts.rules?.mayWork(planned, set) === false) continue;
      const remaining = { set, windows: open.slice(index) };
      const end = await workNext(parts, remaining, signal);
      if (end.reason !== "complete") return end;
    } finally {
      release?.();
    }
  }
  return { reason: "complete" };
}

/** Works the first of a set's remaining windows as soon as it may begin. */
async function workNext(
  parts: SessionParts,
  remaining: Remaining,
  signal: AbortSignal,
): Promise<SetEnd> {
  const stopped = await waitForStart(parts, remaining, signal);
  if (stopped !== null) return stopped;
  if (signal.aborted) return { reason: "interrupted" };
  const end = await workWindow(parts, remaining, signal);
  if (end.reason === "complete") await parts.rules?.afterWindow();
  return end;
}

/** Waits until the first of a set's remaining windows may begin. Work that only lacks a grade spends nothing. */
async function waitForStart(
  parts: SessionParts,
  remaining: Remaining,
  signal: AbortSignal,
): Promise<SetEnd | null> {
  const [planned] = remaining.windows;
  if (planned === undefined || parts.recorder.isUngraded(planned.window)) return null;
  if (isPaused(parts, planned)) return { reason: "pause" };
  const stopped = await waitForBudget(parts, remaining, signal);
  if (stopped !== null) return stopped;
  if (planned.period > 1 && parts.washoutMs > 0) await parts.wait(parts.washoutMs, signal);
  return null;
}

/** Whether the provider has to rest first. Until then, other sets may continue. */
function isPaused({ health }: SessionParts, { provider }: PlannedWindow): boolean {
  return (health?.pauseOf(provider) ?? null) !== null;
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
    const decision = await budgets.check(windows);
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
  const { recorder } = parts;
  const [planned] = remaining.windows;
  if (planned === undefined) return { reason: "complete" };
  while (!recorder.isFinal(planned.window)) {
    const result = recorder.isUngraded(planned.window)
      ? await gradeKept(parts, planned, signal)
      : await workAttempt(parts, { set: remaining.set, planned }, signal);
    if (result === null) return { reason: "pause" };
    const end = endAfter(result);
    if (end !== null) return end;
    // The rules keep every window that needs this provider from starting.
    if (parts.health?.stopped.has(planned.provider) === true) return { reason: "complete" };
    if (recorder.isFinal(planned.window)) break;
    const stopped = await waitForRetry(parts, remaining, { planned, result, signal });
    if (stopped !== null) return stopped;
  }
  return { reason: "complete" };
}

interface Retry {
  readonly planned: PlannedWindow;
  readonly result: WindowEnd;
  readonly signal: AbortSignal;
}

/** The attempt has spent its part of the budget, so the next one must fit again. A grading spends nothing. */
async function waitForRetry(
  parts: SessionParts,
  remaining: Remaining,
  { planned, result, signal }: Retry,
): Promise<SetEnd | null> {
  const { recorder, observer } = parts;
  const isKept = recorder.isUngraded(planned.window);
  const next = isKept ? "Its kept work is graded again." : "The window is retried.";
  observer.noted(`${planned.window}: ${result.reason ?? result.outcome} ${next}`);
  await parts.wait(parts.retryDelayMs, signal);
  if (signal.aborted) return { reason: "interrupted" };
  if (!isKept && isPaused(parts, planned)) return { reason: "pause" };
  return isKept ? null : await waitForBudget(parts, remaining, signal);
}

async function workAttempt(
  parts: SessionParts,
  { set, planned }: { readonly set: MatchedSet; readonly planned: PlannedWindow },
  signal: AbortSignal,
): Promise<AttemptResult | null> {
  const { recorder, observer, hours, worker } = parts;
  const openedMs = hours?.nowMs() ?? 0;
  const order = await recorder.open(planned, worker);
  observer.windowStarted(planned, order.attempt);
  const worked = await worker.work(order, signal, (phase) => observer.phaseBegan(planned, phase));
  if (worked === null) {
    observer.windowWithdrawn?.(planned);
    return null;
  }
  const breaches = hours?.findBreaches(set, openedMs) ?? [];
  const result = { ...worked, anomalies: [...worked.anomalies, ...breaches] };
  await recorder.close(order, result, worker.methodology);
  parts.health?.note(planned.provider, result);
  observer.windowEnded(planned, result);
  return result;
}

/** Grades the kept work of an attempt whose grader failed. The agent does not run again. */
async function gradeKept(
  { recorder, worker, observer }: SessionParts,
  planned: PlannedWindow,
  signal: AbortSignal,
): Promise<LateGrade & WindowEnd> {
  const attempt = recorder.ungraded(planned.window);
  if (worker.grade === undefined) throw new Error("This worker keeps no work.");
  const { sealed_work: work, agent_end: agentEnd } = attempt.said;
  observer.noted(`${planned.window}: grading the kept work; the agent does not run again.`);
  observer.phaseBegan(planned, "grading");
  const late = await worker.grade({ planned, work, agentEnd }, signal);
  const grade = { ...late, usage: attempt.said.usage };
  if (grade.outcome === "interrupted") return grade;
  await recorder.closeUngraded(attempt, grade);
  observer.windowEnded(planned, grade);
  return grade;
}

/** The end of the session after outcomes that concern more than their window. */
function endAfter({
  outcome,
  reason,
  spentBudget,
}: Pick<AttemptResult, "outcome" | "reason" | "spentBudget">): SessionEnd | null {
  if (outcome === "interrupted") return { reason: "interrupted" };
  // A rolling period frees budget by itself, so the window waits and is tried again.
  if (outcome === "session_budget" && spentBudget !== "period")
    return { reason: "budget", sentence: reason ?? outcome };
  return null;
}

/** An aborted wait is not a failure: whoever waited looks at the signal. */
export async function waitInTime(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
