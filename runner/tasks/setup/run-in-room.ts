import { mkdir } from "node:fs/promises";
import path from "node:path";

import { execa } from "execa";

import { proxyVariables } from "../../agents/drivers/agent-variables.ts";
import { findBubblewrap } from "../../agents/sandbox/find-bubblewrap.ts";
import { type Bubblewrap, sandboxLine } from "../../agents/sandbox/sandbox-line.ts";
import { INSIDE, SOCKET_INSIDE } from "../../agents/sandbox/wrap-agent.ts";
import type { HostsPlace } from "../../gateway/proxy/serve-allowed-hosts.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { handCaFiles, readCaFiles } from "../../platform/network/ca-files.ts";
import { redactText } from "../../platform/redaction/redact.ts";
import type { CommandTask } from "../bank/task.ts";
import { setupSecrets } from "./setup-variables.ts";
import { findPrograms, type TaskPrograms } from "./task-programs.ts";
import { ROOM_INSIDE, type TaskRoom, toolVariables, workFolder } from "./task-room.ts";

/** Inside a sandbox, whose ports are its own. */
const PROXY_PORT = 8118;
const OUTPUT_CHARACTERS_MAX = 8000;

export interface RoomCommand {
  readonly task: Pick<CommandTask, "setup" | "acceptance" | "workspace">;
  readonly run: readonly string[];
  readonly room: TaskRoom;
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** The place at which hosts are reached; absent for no network. */
  readonly hosts?: HostsPlace;
  /** Called with the id of the process as soon as it runs. */
  readonly onStart?: (pid: number | undefined, kill: () => void) => void;
}

export interface RoomEnd {
  readonly exitCode: number | null;
  /** The end of what it printed, without the values of the variables that setup gets. */
  readonly output: string;
  readonly startError?: string;
  readonly isSandboxed: boolean;
  /** The room as the command saw it. */
  readonly inside: TaskRoom;
}

/**
 * Runs a command of a task in its room: in a sandbox in which the room, the system and the task's
 * programs exist, and nothing else. Without a sandbox it runs as it is.
 */
export async function runInRoom(command: RoomCommand, environment: Environment): Promise<RoomEnd> {
  const bubblewrap = await findBubblewrap(environment);
  const programs = await findPrograms(command.task, environment);
  const inside = bubblewrap === undefined ? command.room : ROOM_INSIDE;
  await mkdir(path.join(command.room.home, "tmp"), { recursive: true });
  const isSandboxed = bubblewrap !== undefined;
  // Whoever reads the TLS of a company reads that of its package indexes too.
  const caFiles = command.hosts === undefined ? [] : readCaFiles(environment);
  const trusted = handCaFiles(caFiles, { isSandboxed });
  const line = isSandboxed ? sandboxed(command, { bubblewrap, programs, trusted }) : command.run;
  const [file = "", ...args] = line;
  const child = execa(file, args, {
    cwd: workFolder(command.task, command.room.tree),
    env: variablesOf(command, { inside, programs, trusted }),
    extendEnv: false,
    // The sandbox ends when its stdin does.
    stdin: "pipe",
    all: true,
    buffer: false,
    reject: false,
    // A group of its own: whatever has started by then ends together.
    detached: true,
  });
  let output = "";
  child.all.setEncoding("utf8").on("data", (chunk: string) => {
    output = `${output}${chunk}`.slice(-OUTPUT_CHARACTERS_MAX);
  });
  const { pid } = child;
  command.onStart?.(pid, () => endGroup(pid));
  const { exitCode, originalMessage, isTerminated } = await child;
  const hasStarted = exitCode !== undefined || isTerminated;
  return {
    exitCode: exitCode ?? null,
    output: redactText(output, setupSecrets(command.task, environment)),
    ...(hasStarted ? {} : { startError: originalMessage ?? "it did not start" }),
    isSandboxed,
    inside,
  };
}

/**
 * The sandbox ends all its processes with the first one. Until bubblewrap has set that up, its own child
 * would outlive it and hold the output open, but it is still in the group.
 */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}

interface RoomParts {
  readonly programs: TaskPrograms;
  readonly trusted: ReturnType<typeof handCaFiles>;
}

function sandboxed(
  { task, run, room, hosts }: RoomCommand,
  { bubblewrap, programs, trusted }: RoomParts & { readonly bubblewrap: Bubblewrap },
): readonly string[] {
  const socket = hosts?.socket;
  const wrapped = sandboxLine({
    bubblewrap,
    readable: [process.execPath, ...(socket === undefined ? [] : [INSIDE]), ...programs.readable],
    links: programs.links,
    moved: { ...(socket === undefined ? {} : { [SOCKET_INSIDE]: socket }), ...trusted.moved },
    mounted: { [ROOM_INSIDE.tree]: room.tree, [ROOM_INSIDE.home]: room.home },
    options: ["--chdir", workFolder(task, ROOM_INSIDE.tree)],
    hasProc: true,
  });
  const way =
    socket === undefined ? [] : [process.execPath, INSIDE, String(PROXY_PORT), SOCKET_INSIDE];
  return [...wrapped, ...way, ...run];
}

function variablesOf(
  { variables = {}, hosts }: RoomCommand,
  { inside, programs, trusted }: RoomParts & { readonly inside: TaskRoom },
): Readonly<Record<string, string>> {
  return {
    LANG: "C.UTF-8",
    TZ: "UTC",
    CI: "true",
    HOME: inside.home,
    TMPDIR: path.join(inside.home, "tmp"),
    PATH: programs.folders.join(path.delimiter),
    ...toolVariables(inside.home),
    ...(hosts === undefined
      ? {}
      : proxyVariables(`http://127.0.0.1:${String(hosts.port ?? PROXY_PORT)}`)),
    ...variables,
    ...trusted.variables,
  };
}
