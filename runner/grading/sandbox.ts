import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import type { Environment } from "../environment.ts";
import type { Isolation } from "./grade-types.ts";

/** How a process that runs a solution is started. */
export interface Sandbox {
  readonly isolation: Isolation;
  /** The command line that runs a Node module that may read the folders and nothing else. */
  readonly commandLine: (request: SandboxRequest) => readonly string[];
}

export interface SandboxRequest {
  /** Absolute paths. */
  readonly readable: readonly string[];
  /** The module and its arguments. */
  readonly args: readonly string[];
}

/** What a process may use before the kernel ends it, should nobody else: seconds of CPU, MiB of JavaScript heap. */
const CPU_SECONDS_MAX = 60;
const HEAP_MIB_MAX = 256;
const PROBE_TIMEOUT_MS = 10_000;
const run = promisify(execFile);
const working = new Map<string, Promise<boolean>>();

/** Bubblewrap where it is installed and allowed to work, else Node's permission model alone. */
export async function chooseSandbox(environment: Environment): Promise<Sandbox> {
  const bubblewrap = findBubblewrap(environment);
  if (bubblewrap !== undefined && (await works(bubblewrap))) {
    return {
      isolation: "bubblewrap",
      commandLine: (request) =>
        limited([...bubblewrapLine(bubblewrap, request.readable), ...permissionLine(request)]),
    };
  }
  return { isolation: "permissions", commandLine: (request) => limited(permissionLine(request)) };
}

/** Node with its permission model on: no writing, no child processes, no workers, no native addons. */
export function permissionLine({ readable, args }: SandboxRequest): readonly string[] {
  return [
    process.execPath,
    "--permission",
    ...readable.map((folder) => `--allow-fs-read=${folder}`),
    // Otherwise a signal from any process of the same user opens a debugger's port.
    "--disable-sigusr1",
    `--max-old-space-size=${HEAP_MIB_MAX}`,
    "--no-warnings",
    ...args,
  ];
}

/** The kernel's own limits: seconds of CPU, and first in line should memory run out (Linux only). */
export function limited(commandLine: readonly string[]): readonly string[] {
  const script =
    "{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; " +
    `ulimit -t ${CPU_SECONDS_MAX}; ulimit -c 0; exec "$@"`;
  return ["/bin/sh", "-c", script, "sandbox", ...commandLine];
}

function bubblewrapLine(bubblewrap: string, readable: readonly string[]): readonly string[] {
  const systemFolders = ["/usr", "/lib", "/lib64", "/lib32", "/bin", "/nix/store"];
  return [
    bubblewrap,
    "--unshare-all",
    "--die-with-parent",
    "--new-session",
    "--clearenv",
    "--cap-drop",
    "ALL",
    ...systemFolders.flatMap((folder) => ["--ro-bind-try", folder, folder]),
    "--dev",
    "/dev",
    ...[process.execPath, ...readable].flatMap((bound) => ["--ro-bind", bound, bound]),
    "--",
  ];
}

function findBubblewrap({ platform, variables }: Environment): string | undefined {
  if (platform !== "linux") return undefined;
  const folders = (variables["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, "bwrap")).find((file) => isExecutable(file));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Containers often have bubblewrap and forbid what it does: only a try tells. */
function works(bubblewrap: string): Promise<boolean> {
  const known = working.get(bubblewrap);
  if (known !== undefined) return known;
  const [command, ...args] = [...bubblewrapLine(bubblewrap, []), process.execPath, "--eval", "0"];
  const tried = run(command, args, { timeout: PROBE_TIMEOUT_MS, env: {} }).then(
    () => true,
    () => false,
  );
  working.set(bubblewrap, tried);
  return tried;
}
