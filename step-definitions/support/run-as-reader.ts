import { chmodSync, copyFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { execa, execaSync } from "execa";

import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import type { CommandEnd } from "./command-run.ts";
import { useNode } from "./made-up-agent.ts";
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

/** Whether the reader can run the program at all: not if its sources are in a private folder. */
export function canReaderRun(): boolean {
  const look = ["--eval", "fs.accessSync(process.argv[1])", COMMAND];
  const options = { ...reader, reject: false, timeout: HANG_MS, cwd: "/" } as const;
  return execaSync(process.execPath, look, options).exitCode === 0;
}

/** Lets everything in the scenario's folder belong to the reader. */
export function giveToReader(world: ExperimentWorld): void {
  chmodSync(world.folder, 0o755);
  if (isRoot) execaSync("chown", ["-R", `${NOBODY.uid}:${NOBODY.gid}`, world.folder]);
}

interface Program {
  readonly node: string;
  readonly command: string;
}

const OWN: Program = { node: process.execPath, command: COMMAND };

/** The program, or a copy that the reader can run if its sources are in a private folder. */
export function programForReader(world: ExperimentWorld): Program {
  return canReaderRun() ? OWN : copyProgram(world);
}

/** Copies what an installation from the registry would have. */
function copyProgram(world: ExperimentWorld): Program {
  const own = packageFolder();
  const copy = mkdtempSync(path.join(tmpdir(), "counterbalance-public-"));
  world.cleanups.push(() => rmSync(copy, { recursive: true, force: true }));
  chmodSync(copy, 0o755);
  const options = { cwd: own, reject: false, timeout: HANG_MS } as const;
  const list = ["ls", "--omit=dev", "--omit=optional", "--all", "--parseable"];
  const packages = execaSync("npm", list, options).stdout.split("\n").slice(1);
  const parts = ["package.json", "dist", "task-bank", ...packages];
  for (const part of parts) {
    const name = path.relative(own, path.resolve(own, part));
    cpSync(path.join(own, name), path.join(copy, name), { recursive: true });
  }
  const node = path.join(copy, "node");
  copyFileSync(process.execPath, node);
  execaSync("chmod", ["-R", "a+rX", copy]);
  useNode(world, node);
  return { node, command: path.join(copy, path.relative(own, COMMAND)) };
}

/** Runs a command line as a user who may read and not write. */
export async function runAsReader(
  world: ExperimentWorld,
  args: readonly string[],
  { node, command } = OWN,
): Promise<CommandEnd> {
  const result = await execa(node, [command, ...args], {
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
