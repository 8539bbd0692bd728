import { CommanderError } from "commander";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import type { Environment } from "../environment.ts";
import { createProgram } from "./program.ts";
import { EXIT } from "./result.ts";

/** Runs one command, prints what it hands back, and returns the exit code. */
export async function runCommandLine(
  args: readonly string[],
  environment: Environment,
): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = createProgram(environment, (result) => {
    if (result.output !== "") environment.stdout.write(`${result.output.replace(/\n$/, "")}\n`);
    exitCode = result.exitCode;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    return report(error, environment);
  }
}

/** Known failures print their message; a bug keeps its stack. */
function report(error: unknown, { stderr }: Environment): number {
  // Commander has printed its message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof CounterbalanceError) {
    stderr.write(`experiment: ${error.message}\n`);
    return error.exitCode;
  }
  stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT.failed;
}
