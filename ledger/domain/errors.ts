import type { ExitCode } from "./exit-codes.ts";

/** A failure that a user can understand and mend. It prints its message without a stack. */
export abstract class CounterbalanceError extends Error {
  /** The process's exit code, as `experiment --help` lists them. */
  abstract readonly exitCode: ExitCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The message of a failed system call. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
