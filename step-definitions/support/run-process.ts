import path from "node:path";

import { execa } from "execa";

import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import type { CommandEnd } from "./command-run.ts";
import { HANG_MS } from "./wait-until.ts";
import type { ExperimentWorld } from "./world.ts";

/** The program as users run it. It is built before the specs run. */
export const COMMAND = path.join(packageFolder(), "dist/runner/cli/experiment.cjs");

/** Runs a command line in a process of its own, with the world's variables, by default in its folder. */
export async function runProcess(
  world: ExperimentWorld,
  commandLine: readonly string[],
  cwd: string = world.folder,
): Promise<CommandEnd> {
  const [file = "", ...args] = commandLine;
  const result = await execa(file, args, {
    cwd,
    env: world.variables,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: HANG_MS,
    stripFinalNewline: false,
  });
  return { exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
}
