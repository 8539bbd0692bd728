import type { Task } from "../bank/task.ts";
import type { CommitSpan } from "../workspaces/measure-churn.ts";
import { gradeCommandWork } from "./command/grade-command-work.ts";
import type { Grade } from "./grade-result.ts";
import { type GradeRequest, gradeSolution } from "./grade.ts";

export interface TaskGrading extends Omit<GradeRequest, "task"> {
  readonly task: Task;
  /** The work as two commits. */
  readonly sealed: CommitSpan;
}

/** Grades the work on a task in the way that the task names. @throws GraderError */
export async function gradeTask({ task, sealed, ...request }: TaskGrading): Promise<Grade> {
  if (task.kind === "gherkin") return await gradeSolution({ ...request, task });
  const { scratch, environment } = request;
  return await gradeCommandWork({ task, sealed, scratch, environment });
}
