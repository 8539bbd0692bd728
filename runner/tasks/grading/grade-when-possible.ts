import { setTimeout as sleep } from "node:timers/promises";

import { type Grade, GraderStarvedError } from "./grade-result.ts";

/** The machine gets time to recover. The work is sealed, so waiting changes nothing about it. */
const PAUSES_MS = [30_000, 120_000, 300_000];

/**
 * Grades again after a pause as long as the machine keeps the grader from judging.
 * @throws GraderStarvedError if it still does after the last pause, or if the signal fires.
 */
export async function gradeWhenPossible(
  grade: () => Promise<Grade>,
  signal: AbortSignal,
  pausesMs: readonly number[] = PAUSES_MS,
): Promise<Grade> {
  for (const pauseMs of pausesMs) {
    try {
      return await grade();
    } catch (error) {
      if (!(error instanceof GraderStarvedError) || signal.aborted) throw error;
    }
    // An aborted wait is not a failure: the last try then says what is wrong.
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return await grade();
}
