import { EXIT, type ExitCode } from "../../ledger/domain/exit-codes.ts";

/** What a command returns. Only `main.ts` prints it and exits. */
export interface Result {
  readonly exitCode: ExitCode;
  /** Printed on stdout, with a newline at its end. */
  readonly output: string;
  /** Programs read it, as they read `--json`: no line is broken, however narrow the terminal. */
  readonly isExact?: boolean;
}

export function done(output: string): Result {
  return { exitCode: EXIT.done, output };
}

/** The output of a command: the data for `--json`, otherwise the text. */
export function jsonOr(
  { json }: { readonly json?: boolean },
  data: unknown,
  say: () => string,
): string {
  return json === true ? JSON.stringify(data, null, 2) : say();
}

/** The result of a command that did what it was asked. */
export function doneWith(
  options: { readonly json?: boolean },
  data: unknown,
  say: () => string,
): Result {
  return done(jsonOr(options, data, say));
}

/** The same result, of a command that fails although it shows something. */
export function doneIf(isDone: boolean, result: Result): Result {
  return isDone ? result : { ...result, exitCode: EXIT.failed };
}
