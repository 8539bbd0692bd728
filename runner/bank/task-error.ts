import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { EXIT } from "../../ledger/domain/exit-codes.ts";

/** A folder of the task bank that is not a valid task. */
export class TaskInvalidError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
}

/** The bank has no task with the given name. */
export class TaskUnknownError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
  readonly pattern: string;
  readonly known: readonly string[];

  constructor(options: {
    readonly pattern: string;
    readonly bankFolder: string;
    readonly known: readonly string[];
  }) {
    const known = options.known.length === 0 ? "none" : options.known.join(", ");
    super(
      `${options.bankFolder}: expected a task with the name "${options.pattern}", got none. ` +
        `Known tasks: ${known}. Correct the name, or add the task's folder.`,
    );
    this.pattern = options.pattern;
    this.known = options.known;
  }
}
