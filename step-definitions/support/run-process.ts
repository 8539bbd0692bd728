import path from "node:path";

import { execa } from "execa";

import { packageFolder } from "../../runner/package-folder.ts";
import type { CommandEnd } from "./command-run.ts";
import type { ExperimentWorld } from "./world.ts";

const LIMIT_MS = 100_000;

export const BUILT_COMMAND = path.join(packageFolder(), "dist/runner/cli/main.js");
export const SOURCE_COMMAND = path.join(packageFolder(), "runner/cli/main.ts");

/** Runs a command line in a process of its own, with the world's variables and folder. */
export async function runProcess(
  world: ExperimentWorld,
  commandLine: readonly string[],
): Promise<CommandEnd> {
  const [file = "", ...args] = commandLine;
  const result = await execa(file, args, {
    cwd: world.folder,
    env: world.variables,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: LIMIT_MS,
    stripFinalNewline: false,
  });
  return { exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
}
