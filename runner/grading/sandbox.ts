import type { Environment } from "../environment.ts";
import { findBubblewrap } from "../workspaces/find-bubblewrap.ts";
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

/** Bubblewrap where it is installed and allowed to work, else Node's permission model alone. */
export async function chooseSandbox(environment: Environment): Promise<Sandbox> {
  const bubblewrap = await findBubblewrap(environment);
  if (bubblewrap !== undefined) {
    return {
      isolation: "bubblewrap",
      commandLine: (request) =>
        limited([...bubblewrapLine(bubblewrap, request.readable), ...emptied(request)]),
    };
  }
  return {
    isolation: "permissions",
    commandLine: (request) => limited(emptied(request)),
  };
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

/** Bubblewrap, and the shell that sets the limits, leave variables of their own. */
function emptied(request: SandboxRequest): readonly string[] {
  return ["/usr/bin/env", "-i", ...permissionLine(request)];
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
    "--cap-drop",
    "ALL",
    ...systemFolders.flatMap((folder) => ["--ro-bind-try", folder, folder]),
    "--dev",
    "/dev",
    ...[process.execPath, ...readable].flatMap((bound) => ["--ro-bind", bound, bound]),
    "--",
  ];
}
