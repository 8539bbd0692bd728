import { chmodSync } from "node:fs";

import { execa, execaSync } from "execa";

import type { CommandEnd } from "./command-run.ts";
import { COMMAND } from "./run-process.ts";
import { HANG_MS } from "./wait-until.ts";
import type { ExperimentWorld } from "./world.ts";

/** By convention the user who owns nothing. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const isRoot = process.getuid?.() === 0;
/** Root may write everywhere, so somebody else has to try. */
const reader = isRoot ? NOBODY : {};

/** Lets the reader write in a folder. */
export function allowWriting(world: ExperimentWorld, folder: string): void {
  chmodSync(world.file(folder), 0o777);
}

/** Lets the reader read all of a folder's tree and write nothing in it. */
export function allowReadingOnly(world: ExperimentWorld, ledger: string): void {
  if (isRoot) execaSync("chmod", ["-R", "a+rX,go-w", world.folder]);
  else chmodSync(world.file(ledger), 0o500);
  world.cleanups.push(() => chmodSync(world.file(ledger), 0o700));
}

/** Whether the reader can run the program at all: not where its sources lie in a private folder. */
export function canReaderRun(): boolean {
  const look = ["--eval", "fs.accessSync(process.argv[1])", COMMAND];
  const options = { ...reader, reject: false, timeout: HANG_MS, cwd: "/" } as const;
  return execaSync(process.execPath, look, options).exitCode === 0;
}

/** Runs a command line as a user who may read and not write. */
export async function runAsReader(
  world: ExperimentWorld,
  args: readonly string[],
): Promise<CommandEnd> {
  const result = await execa(process.execPath, [COMMAND, ...args], {
    ...reader,
    cwd: world.folder,
    env: world.variables,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    timeout: HANG_MS,
  });
  return { exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
}
