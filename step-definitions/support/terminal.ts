import { execa } from "execa";

import type { CommandEnd } from "./command-run.ts";
import { COMMAND } from "./run-process.ts";
import { HANG_MS } from "./wait-until.ts";
import type { ExperimentWorld } from "./world.ts";

/** A program of util-linux that runs a command under a terminal of its own. */
const PROGRAM = "script";

/** Whether this machine can lend a pseudo-terminal. In CI it has to. */
export async function isTerminalHere(): Promise<boolean> {
  const { failed, stdout } = await execa(PROGRAM, ["--version"], { reject: false });
  const isHere = !failed && stdout.includes("util-linux");
  if (!isHere && process.env["CI"] === "true") {
    throw new Error("Install util-linux: its program script lends the specs a terminal.");
  }
  return isHere;
}

/** Runs the real command under a terminal of 120 columns; what it prints, on stdout or stderr, is its stdout. */
export async function runOnTerminal(world: ExperimentWorld, args: string): Promise<CommandEnd> {
  const command = `stty cols 120 rows 40 && exec '${process.execPath}' '${COMMAND}' ${args}`;
  const { exitCode, stdout, stderr } = await execa(PROGRAM, ["-qec", command, "/dev/null"], {
    cwd: world.folder,
    env: { ...world.variables, TERM: "xterm" },
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    timeout: HANG_MS,
  });
  return { exitCode: exitCode ?? -1, stdout, stderr };
}
