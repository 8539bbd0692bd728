import { countNoun } from "./number-text.ts";

/** Later gradings of the same work. */
interface Regrading {
  readonly windows: number;
  readonly gradings: number;
  readonly scenarios_compared: number;
  readonly scenarios_agreeing: number;
  readonly other_task: number;
  readonly failed: number;
}

/** Says in one line how repeatable the grader is. */
export function sayRegrading(regrading: Regrading): string {
  const { windows, gradings, scenarios_compared: compared, other_task, failed } = regrading;
  const share = (regrading.scenarios_agreeing / compared) * 100;
  return [
    `${countNoun(gradings, "later grading")} of ${countNoun(windows, "window")}:`,
    compared === 0
      ? "no verdict can be compared."
      : `${regrading.scenarios_agreeing} of ${compared} verdicts agree with the first (${share.toFixed(1)} %).`,
    ...(other_task === 0 ? [] : [`${countNoun(other_task, "grading")} used another suite.`]),
    ...(failed === 0 ? [] : [`${countNoun(failed, "grading")} failed.`]),
  ].join(" ");
}
