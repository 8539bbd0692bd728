import { CounterbalanceError } from "../../ledger/domain/errors.ts";

/** The grader or the task's suite broke, not the solution: the window's outcome is `grader_error`. */
export class GraderError extends CounterbalanceError {
  readonly exitCode = 1;
}
