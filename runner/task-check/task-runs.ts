import type { CommandTask } from "../bank/task.ts";
import type { Environment } from "../environment.ts";
import { GraderError } from "../grading/grade-result.ts";
import type { SuiteRun } from "./sort-tests.ts";

/** The tests of one task, ready to run. */
export interface TaskRuns {
  /** Runs the tests once. @throws GraderError */
  readonly runTests: (how: { readonly withSolution: boolean }) => Promise<SuiteRun>;
  /** Objects in the workspace's repository that the history of its start does not need. */
  readonly countForeignObjects: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Runs setup. @throws GraderError if it fails. */
export async function openTaskRuns(
  _task: CommandTask,
  _tools: {
    readonly patch: string;
    readonly environment: Environment;
    readonly signal: AbortSignal;
  },
): Promise<TaskRuns> {
  return await Promise.reject(new GraderError("tasks that a command grades can't be graded yet"));
}
