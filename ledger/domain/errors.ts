import { EXIT, type ExitCode } from "./exit-codes.ts";

/** A failure that a user can understand and mend. It prints its message without a stack. */
export abstract class CounterbalanceError extends Error {
  /** The process's exit code, as `experiment --help` lists them. */
  abstract readonly exitCode: ExitCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** What the user asked for, or what it was asked of, can't be used. */
export abstract class UsageError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;
}

/** A rule on clean data forbids it. */
export abstract class RefusedError extends CounterbalanceError {
  readonly exitCode = EXIT.refused;
}

/** It was tried, and something outside of the program kept it from succeeding. */
export abstract class FailedError extends CounterbalanceError {
  readonly exitCode = EXIT.failed;
}

/** The ledger is not what was written. */
export abstract class DamagedError extends CounterbalanceError {
  readonly exitCode = EXIT.damaged;
}

/** The message of a failed system call. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** Whether a failure has one of the codes of the system or of Node. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.some((code) => code === error.code);
}
