import { CounterbalanceError } from "../../ledger/domain/errors.ts";

/** A folder of the task bank that is not a task as docs/task-format.md describes it. */
export class TaskInvalidError extends CounterbalanceError {
  readonly exitCode = 2;
}

/** A task that was asked for by name and that the bank does not have. */
export class TaskUnknownError extends CounterbalanceError {
  readonly exitCode = 2;
  readonly pattern: string;
  readonly known: readonly string[];

  constructor(options: {
    readonly pattern: string;
    readonly bankFolder: string;
    readonly known: readonly string[];
  }) {
    const known = options.known.length === 0 ? "none" : options.known.join(", ");
    super(
      `${options.bankFolder}: expected a task that "${options.pattern}" names, got none. ` +
        `Known tasks: ${known}. Correct the name, or add the task's folder.`,
    );
    this.pattern = options.pattern;
    this.known = options.known;
  }
}
