import type { ChildProcess } from "node:child_process";

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

/** What a user types as soon as the terminal shows a text. */
interface Typed {
  readonly at: string;
  readonly text: string;
}

/** Runs the real command under a terminal of 120 columns; what it prints, on stdout or stderr, is its stdout. */
export async function runOnTerminal(
  world: ExperimentWorld,
  args: string,
  typed?: Typed,
): Promise<CommandEnd> {
  const command = `stty cols 120 rows 40 && exec '${process.execPath}' '${COMMAND}' ${args}`;
  const running = execa(PROGRAM, ["-qec", command, "/dev/null"], {
    cwd: world.folder,
    env: { ...world.variables, TERM: "xterm" },
    extendEnv: false,
    stdin: typed === undefined ? "ignore" : "pipe",
    reject: false,
    timeout: HANG_MS,
  });
  if (typed !== undefined) typeInto(running, typed);
  const { exitCode, stdout, stderr } = await running;
  return { exitCode: exitCode ?? -1, stdout, stderr };
}

function typeInto({ stdin, stdout }: Pick<ChildProcess, "stdin" | "stdout">, typed: Typed): void {
  let shown = "";
  stdout?.on("data", (chunk: Buffer) => {
    const before = shown.includes(typed.at);
    shown += String(chunk);
    if (!before && shown.includes(typed.at)) stdin?.end(typed.text);
  });
}
