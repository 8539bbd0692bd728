import { z } from "zod";

import { isValidOutcome } from "../../../ledger/domain/outcome.ts";
import type { NewRow } from "../../../ledger/domain/row.ts";
import {
  type UngradedWindow,
  WindowFinalized,
  WindowInterrupted,
  WindowKey,
} from "../../../ledger/domain/window.ts";
import type { LedgerReader } from "../../../ledger/store/store.ts";
import { latestOf } from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentView } from "../../../ledger/views/experiment-view.ts";
import { attemptsOf, countedAttempts, finalOf } from "../../../ledger/views/progress.ts";
import type { LateGrade } from "../windows/window-worker.ts";
import { ATTEMPTS_MAX, sharesOf } from "./attempt-rows.ts";

/** An attempt whose agent has done its part and whose grader failed. */
export interface UngradedAttempt {
  /** Id of the row that ended it so far. */
  readonly id: string;
  readonly key: z.infer<typeof WINDOW_KEY>;
  readonly said: UngradedWindow;
  /** Whether its window is missing for good unless it is graded. */
  readonly isFinal: boolean;
}

const WINDOW_KEY = z.object(WindowKey);

/** Whether a window is missing, and its kept work can still be graded. */
export function isMissingGrade(view: ExperimentView, window: string): boolean {
  const final = finalOf(view, window);
  return final?.sealed_work !== undefined && !isValidOutcome(final.outcome);
}

/** Id of the row that left the window's work without a grade, if its window is not final. */
export function openUngraded(view: ExperimentView, window: string): string | undefined {
  if (finalOf(view, window) !== undefined) return undefined;
  const ends = attemptsOf(view.windows.get(window)).at(-1)?.interrupted ?? [];
  const end = latestOf(ends);
  return end?.ungraded === undefined ? undefined : end.id;
}

/** Reads the attempt from its row, because a view keeps no readings of meters. */
export function readUngraded(id: string, ledger: LedgerReader): UngradedAttempt {
  for (const row of ledger.read("windows")) {
    if (row.id !== id) continue;
    const key = WINDOW_KEY.parse(row);
    if (row.record === "window_finalized") {
      const { record: _, ...final } = WindowFinalized.strip().parse(row);
      if (final.sealed_work !== undefined) {
        return { id, key, said: { ...final, sealed_work: final.sealed_work }, isFinal: true };
      }
    }
    const { ungraded } = WindowInterrupted.parse(row);
    if (ungraded !== undefined) return { id, key, said: ungraded, isFinal: false };
  }
  throw new Error(`The ledger has no ungraded work with the row ${id}.`);
}

/** The row that takes the place of the attempt's last one: its grade, or that it still has none. */
export function lateRow(
  { id, key, said, isFinal }: UngradedAttempt,
  grade: LateGrade,
  { view, anomalies }: { readonly view: ExperimentView; readonly anomalies: readonly string[] },
): NewRow {
  const { agent_end: agentEnd, ...rest } = said;
  const { outcome, reason, quality, scenarios, isolation } = grade;
  const tries = (said.gradings ?? 1) + 1;
  const isGraded = quality !== null;
  const final = {
    ...rest,
    outcome,
    reason,
    quality,
    scenarios,
    isolation,
    ...sharesOf(grade),
    ...timingsOf(said, grade),
    anomalies: [...said.anomalies, ...anomalies],
    versions: { ...said.versions, ...grade.versions },
    ...(isGraded || agentEnd === undefined ? {} : { agent_end: agentEnd }),
    gradings: tries,
  };
  const isLast = countedAttempts(view, key) + tries >= ATTEMPTS_MAX;
  if (isGraded || isFinal || isLast) {
    return { record: "window_finalized", supersedes: id, ...key, ...final };
  }
  const { usage, cost, dollars } = said;
  const paid = { usage, cost, ...(dollars === undefined ? {} : { dollars }) };
  const ended = { outcome, reason: reason ?? outcome, ...paid, ungraded: final };
  return { record: "window_interrupted", supersedes: id, ...key, ...ended };
}

function timingsOf({ timings }: UngradedWindow, { gradingMs }: LateGrade) {
  if (timings === undefined) return {};
  return { timings: { ...timings, grading_ms: Math.round(gradingMs) } };
}
