import { findBubblewrap } from "../../agents/sandbox/find-bubblewrap.ts";
import { sandboxLine } from "../../agents/sandbox/sandbox-line.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import type { Isolation } from "./grade-result.ts";

/** Starts processes that run a solution. */
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

/** The kernel's limits for one process, in case every other limit fails: seconds of CPU, MiB of heap. */
const CPU_SECONDS_MAX = 60;
const HEAP_MIB_MAX = 256;

/** Chooses bubblewrap if it is installed and may run, otherwise Node's permission model alone. */
export async function chooseSandbox(environment: Environment): Promise<Sandbox> {
  const bubblewrap = await findBubblewrap(environment);
  const wrap = (readable: readonly string[]) =>
    bubblewrap === undefined
      ? []
      : sandboxLine({ bubblewrap, readable: [process.execPath, ...readable] });
  return {
    isolation: bubblewrap === undefined ? "permissions" : "bubblewrap",
    commandLine: (request) => limited([...wrap(request.readable), ...emptied(request)]),
  };
}

/** Runs Node with its permission model: no writing, child processes, workers or native addons. */
export function permissionLine({
  readable,
  writable = [],
  args,
}: SandboxRequest & { readonly writable?: readonly string[] }): readonly string[] {
  return [
    process.execPath,
    "--permission",
    ...[...readable, ...writable].map((folder) => `--allow-fs-read=${folder}`),
    ...writable.map((folder) => `--allow-fs-write=${folder}`),
    // Otherwise a signal from any process of the same user opens a debugger's port.
    "--disable-sigusr1",
    `--max-old-space-size=${HEAP_MIB_MAX}`,
    "--no-warnings",
    ...args,
  ];
}

/** Empties the environment: bubblewrap and the shell that sets the limits add variables to it. */
function emptied(request: SandboxRequest): readonly string[] {
  return ["/usr/bin/env", "-i", ...permissionLine(request)];
}

/** Sets kernel limits: CPU seconds, and (Linux only) first to be killed if memory runs out. */
export function limited(commandLine: readonly string[]): readonly string[] {
  const script =
    "{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; " +
    `ulimit -t ${CPU_SECONDS_MAX}; ulimit -c 0; exec "$@"`;
  return ["/bin/sh", "-c", script, "sandbox", ...commandLine];
}
