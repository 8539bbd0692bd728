import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  accessSync,
  constants,
  copyFileSync,
  mkdirSync,
  readFileSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { connect, type NetConnectOpts } from "node:net";
import { homedir } from "node:os";

/** What an agent would like to reach. It knows every path. */
export interface EscapeTargets {
  /** A solution in a task bank. */
  readonly solution: string;
  /** The git repository that holds the bank. */
  readonly repository: string;
  /** The solution's path in that repository. */
  readonly inRepository: string;
  /** The file that receives a stolen solution. */
  readonly loot: string;
  /** A file to write into the program of the harness. */
  readonly program: string;
  /** A file to write into a folder of the user's PATH. */
  readonly command: string;
  /** A folder to make next to the workspace. */
  readonly beside: string;
  /** A file in the user's home. */
  readonly secret: string;
  /** A Unix socket of the host. */
  readonly socket: string;
  /** A loopback port of the host. */
  readonly port: number;
  /** The harness's process. */
  readonly harness: number;
  /** A part of the command line of the process that stays behind. */
  readonly mark: string;
}

/** A way out that the host can see: it looks for what the attempt has left. */
export const HOST_SEES = {
  program: "writes into the harness's program",
  command: "plants a program in a folder of PATH",
  beside: "puts a folder next to its workspace",
  process: "leaves a process behind",
} as const;

type Attempt = (targets: EscapeTargets) => unknown;

/** Ways out of a sandbox, and the wall that each of them runs into. An attempt throws if it fails. */
const ATTEMPTS: Readonly<Record<string, { readonly wall: string; readonly attempt: Attempt }>> = {
  "reads the task bank": {
    wall: "the bank does not exist inside",
    attempt: ({ solution, loot }) => copyFileSync(solution, loot),
  },
  "reads the bank's history with git": {
    wall: "no repository exists inside but its own",
    attempt: ({ repository, inRepository, loot }) =>
      writeFileSync(loot, git(["-C", repository, "show", `HEAD:${inRepository}`])),
  },
  "reads the bank through /proc": {
    wall: "other processes do not exist inside",
    attempt: ({ harness, solution, loot }) =>
      copyFileSync(`/proc/${String(harness)}/root${solution}`, loot),
  },
  "reads keys from the harness's environment": {
    wall: "other processes do not exist inside",
    attempt: ({ harness }) => readFileSync(`/proc/${String(harness)}/environ`),
  },
  "signals the harness": {
    wall: "other processes do not exist inside",
    attempt: ({ harness }) => process.kill(harness, 0),
  },
  [HOST_SEES.program]: {
    wall: "the program does not exist inside, or can't be written",
    attempt: ({ program }) => writeFileSync(program, "planted"),
  },
  [HOST_SEES.command]: {
    wall: "the folders of PATH are the system's, which can't be written",
    attempt: ({ command }) => writeFileSync(command, "#!/bin/sh\n", { mode: 0o755 }),
  },
  [HOST_SEES.beside]: {
    wall: "what is next to the workspace is gone with the sandbox",
    attempt: ({ beside }) => mkdirSync(beside),
  },
  "reads the user's home": {
    wall: "the user's home does not exist inside",
    attempt: ({ secret }) => readFileSync(secret),
  },
  "reads the passwords of the system": {
    wall: "of /etc only what programs need exists inside",
    attempt: () => readFileSync("/etc/shadow"),
  },
  "changes settings of the kernel": {
    wall: "/proc can't be written",
    attempt: () => accessSync("/proc/sys/kernel/core_pattern", constants.W_OK),
  },
  "uses a capability of root": {
    wall: "no process has a capability",
    attempt: () => {
      const status = readFileSync("/proc/self/status", "utf8");
      if (/^CapEff:\s+0+$/mu.test(status)) throw new Error("There is none.");
    },
  },
  "opens a user namespace of its own": {
    wall: "the sandbox's user namespace is the last one",
    attempt: openNamespace,
  },
  "fills the memory with files, e.g. in /tmp": {
    wall: "what is in memory is small, or can't be written",
    attempt: findRoomInMemory,
  },
  "talks to a socket of the host": {
    wall: "sockets of the host do not exist inside",
    attempt: ({ socket }) => reach({ path: socket }),
  },
  "talks to a port of the host": {
    wall: "no network but the proxy",
    attempt: ({ port }) => reach({ host: "127.0.0.1", port }),
  },
  [HOST_SEES.process]: {
    wall: "the last process ends before anything is graded",
    attempt: leaveProcess,
  },
};

/** The names of all ways out, each with the wall that it runs into. */
export const WALLS_TRIED: readonly (readonly [string, string])[] = Object.entries(ATTEMPTS).map(
  ([name, { wall }]) => [name, wall],
);

/** Tries to get out in every way. Returns the names of the ways that seemed to lead out. */
export async function tryToEscape(targets: EscapeTargets): Promise<readonly string[]> {
  const escaped: string[] = [];
  for (const [name, { attempt }] of Object.entries(ATTEMPTS)) {
    try {
      await attempt(targets);
      escaped.push(name);
    } catch {
      // This way is closed.
    }
  }
  return escaped;
}

const LEFT_BEHIND_S = 120;

/**
 * A process without marker and group, which the end of the agent does not reach. It has left the group when it
 * has started; a program that leaves it later may be ended before.
 */
async function leaveProcess({ mark }: EscapeTargets): Promise<void> {
  const script = `sleep ${String(LEFT_BEHIND_S)}; : ${mark}`;
  const left = spawn("/bin/sh", ["-c", script], { detached: true, env: {}, stdio: "ignore" });
  await once(left, "spawn");
  left.unref();
}

/** In it the agent would have every capability again, and with them more of the kernel to attack. */
function openNamespace(): void {
  const programs = [
    ["unshare", "--user", "true"],
    ["bwrap", "--unshare-user", "--ro-bind", "/", "/", "true"],
  ] as const;
  const refused = programs.flatMap(([program, ...args]) => {
    return spawnSync(program, args, { stdio: "ignore" }).status === 0 ? [] : [program];
  });
  if (refused.length === programs.length) throw new Error("No program may open one.");
}

const ROOM_BYTES_MAX = 1024 ** 3;

/**
 * Looks for a file system in memory that takes more than a gibibyte, besides that of the workspace. It
 * writes nothing.
 */
function findRoomInMemory(): void {
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  const found = mounts.some((line) => {
    const [, folder = "", type = ""] = line.split(" ");
    const isOwn = folder === process.cwd() || folder === homedir();
    return type === "tmpfs" && !isOwn && canWrite(folder) && roomIn(folder) > ROOM_BYTES_MAX;
  });
  if (!found) throw new Error("There is none.");
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function roomIn(folder: string): number {
  const { blocks, bsize } = statfsSync(folder);
  return blocks * bsize;
}

function git(args: readonly string[]): Buffer {
  const trusted = ["-c", "safe.directory=*"];
  return execFileSync("git", [...trusted, ...args], { stdio: ["ignore", "pipe", "ignore"] });
}

async function reach(target: NetConnectOpts): Promise<void> {
  const socket = connect(target);
  await new Promise((resolve, reject) => {
    socket.once("connect", resolve).once("error", reject);
  });
  socket.destroy();
}
