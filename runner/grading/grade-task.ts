import type { Task } from "../bank/task.ts";
import { type Grade, GraderError } from "./grade-result.ts";
import { type GradeRequest, gradeSolution } from "./grade.ts";

/** Grades the work on a task in the way that the task names. @throws GraderError */
export async function gradeTask({
  task,
  ...request
}: Omit<GradeRequest, "task"> & { readonly task: Task }): Promise<Grade> {
  if (task.kind === "gherkin") return await gradeSolution({ ...request, task });
  throw new GraderError(`${task.id}: tasks that a command grades can't be graded yet.`);
}
