import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

import type { Clock } from "../../../ledger/domain/clock.ts";

/** Everything from outside the program, as one argument. */
export interface Environment {
  readonly clock: Clock;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly isRoot: boolean;
  /** Whether this process may mount file systems, at least in a namespace of its own. */
  readonly canMount: boolean;
  readonly platform: NodeJS.Platform;
  /** A schedule started the command, no person. Its rows say so. */
  readonly isUnattended?: true;
  /** A loopback port that counts as a public host's, for tests without a network. */
  readonly publicLoopbackPort?: number | undefined;
  /** The origin of a vendor's host that renews log-ins, for tests without a network. */
  readonly originOf?: ((host: string) => string) | undefined;
  /** A fresh random identifier, for keys and markers that can't be guessed. */
  readonly randomId: () => string;
  /** Calls back on each SIGINT or SIGTERM until the returned function is called. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /**
   * Calls back before Ctrl-Z stops this process and after it continues, until the returned function is
   * called. Absent where a process can't be stopped.
   */
  readonly onSuspend?: (calls: SuspendCalls) => () => void;
  /** Replaces this process by a new start of this program, through a program that starts another one. */
  readonly restart?: (starter: readonly string[]) => never;
}

interface SuspendCalls {
  readonly before: () => void;
  readonly after: () => void;
}

/** A text stream that may be a terminal. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

export function processEnvironment(): Environment {
  const isRoot = process.getuid?.() === 0;
  return {
    clock: systemClock,
    cwd: process.cwd(),
    variables: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    isRoot,
    canMount: isRoot || (process.platform === "linux" && hasMountCapability()),
    platform: process.platform,
    randomId: () => randomUUID(),
    onInterrupt: (listener) => {
      process.on("SIGINT", listener).on("SIGTERM", listener);
      return () => process.off("SIGINT", listener).off("SIGTERM", listener);
    },
    ...(process.platform === "win32" ? {} : { onSuspend }),
    ...(process.execve === undefined ? {} : { restart }),
  };
}

/** The agent that `AGENT_ID` names. An empty variable counts as unset. */
export function agentIn({ variables }: Pick<Environment, "variables">): string | undefined {
  const { AGENT_ID: agent } = variables;
  return agent === "" ? undefined : agent;
}

function onSuspend({ before, after }: SuspendCalls): () => void {
  const stop = (): void => {
    before();
    process.kill(process.pid, "SIGSTOP");
  };
  process.on("SIGTSTP", stop).on("SIGCONT", after);
  return () => process.off("SIGTSTP", stop).off("SIGCONT", after);
}

function restart([file = "", ...args]: readonly string[]): never {
  const own = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve?.(file, [file, ...args, ...own]);
  throw new Error(`${file} could not be started in the place of this process.`);
}

/** The number of CAP_SYS_ADMIN. */
const SYS_ADMIN = 21n;

function hasMountCapability(): boolean {
  const status = readFileSync("/proc/self/status", "utf8");
  const mask = /^CapEff:\s*(?<mask>[0-9a-f]+)$/mu.exec(status)?.groups?.["mask"];
  return ((BigInt(`0x${mask ?? "0"}`) >> SYS_ADMIN) & 1n) === 1n;
}
