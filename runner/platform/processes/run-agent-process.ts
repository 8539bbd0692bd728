import type { ChildProcess } from "node:child_process";
import { statSync } from "node:fs";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

import { execa } from "execa";

import type { Clock } from "../../../ledger/domain/clock.ts";
import { BoundedCapture } from "./bounded-capture.ts";
import type { CommandLine } from "./command-line.ts";
import { INFO_FD, SandboxInfo, endNamespace } from "./namespace.ts";
import {
  type Graces,
  MARKER_VARIABLE,
  endProcessGroup,
  sendSignal,
  sweepProcesses,
} from "./sweep-processes.ts";

/** One agent process and its limits. Times are milliseconds. */
export interface AgentRun {
  readonly commandLine: CommandLine;
  /** The command is a sandbox with the agent in it, which ends before this run does. */
  readonly isWrapped?: boolean;
  readonly cwd: string;
  /** Unique to this attempt, without blanks; every process that the agent starts inherits it. */
  readonly marker: string;
  readonly wallLimitMs: number;
  /** An agent without output and without a request for this long hangs. */
  readonly idleLimitMs: number;
  /** The most bytes of stdout and stderr together; an agent that writes more is ended. */
  readonly outputBytesMax: number;
  /** The file that receives stdout and stderr, in whole lines. */
  readonly capture: string;
  /** Texts that the capture overwrites. */
  readonly secrets?: readonly string[];
  readonly clock: Clock;
  /** The monotonic time of the attempt's last request at the proxy, which is activity too. */
  readonly lastActivityMs?: () => number;
  /** Aborted: the agent is ended with graces (a budget's stop, a first Ctrl-C). */
  readonly signal: AbortSignal;
  /** Aborted: the agent is killed without graces (a second Ctrl-C). */
  readonly atOnce?: AbortSignal;
  readonly graces?: Partial<Graces>;
}

export interface AgentEnd {
  readonly endedBy: EndCause;
  /** `null` if a signal ended it or it never started. No verdict: agents exit with 0 on failures. */
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly durationMs: number;
  /** Processes that outlived the agent and could not be killed. */
  readonly unkilled: number;
  /** Why the process could not be started. */
  readonly startError?: string;
}

const GRACES: Graces = { interruptMs: 3000, terminateMs: 2000, killMs: 5000 };
const DRAIN_MS = 1000;
const SANDBOX_END_MS = 60_000;

const NONE = { remaining: 0 };
const NOT_STARTED = { exitCode: null, exitSignal: null, durationMs: 0, unkilled: 0 };

/**
 * Runs an agent until it ends or reaches a limit, and leaves no process of it behind. The agent has a
 * process group of its own, no stdin, and exactly the given environment and the marker.
 * It never rejects for what the agent does; if the executable can't be started, `startError` says why.
 */
export async function runAgentProcess(run: AgentRun): Promise<AgentEnd> {
  const isStopped = run.signal.aborted || run.atOnce?.aborted === true;
  if (isStopped) return { ...NOT_STARTED, endedBy: "abort" };
  if (statSync(run.cwd, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const startError = `the working folder ${run.cwd} is not there`;
    return { ...NOT_STARTED, endedBy: "itself", startError };
  }
  const capture = new BoundedCapture(run.capture, run.outputBytesMax, run.secrets);
  const startedMs = run.clock.monotonicMs();
  const started = start(run);
  try {
    if (started.pid === undefined) {
      const { originalMessage = "" } = await started;
      const startError = `${run.commandLine.file} could not be started: ${originalMessage}`;
      return { ...NOT_STARTED, endedBy: "itself", startError };
    }
    const { pid, nodeChildProcess: child } = started;
    const sandbox = infoOf(child);
    const endedBy = await work({ pid, child, sandbox }, run, capture);
    const durationMs = run.clock.monotonicMs() - startedMs;
    // The agent started every process of its group, even one without the marker.
    sendSignal(-pid, "SIGKILL");
    const isGone = await endSandbox(sandbox, run);
    // All processes of a sandbox end with it. Looking for others would read the whole table of processes.
    const { remaining } = isGone === true ? NONE : await sweepProcesses({ marker: run.marker });
    // A process that escaped the sweep may hold the pipes open for ever.
    await Promise.race([started, sleep(DRAIN_MS, undefined, { ref: false })]);
    closeOutput(child);
    child.unref();
    const { exitCode, signalCode: exitSignal } = child;
    return {
      endedBy,
      exitCode,
      exitSignal,
      durationMs,
      unkilled: isGone === false ? remaining + 1 : remaining,
    };
  } finally {
    capture.close();
  }
}

/** The output is read by us, not by execa; its promise always resolves. */
function start({ commandLine: { file, args, env }, isWrapped, cwd, marker }: AgentRun) {
  return execa(file, args, {
    cwd,
    env: { ...env, [MARKER_VARIABLE]: marker },
    extendEnv: false,
    // A process group of its own, which execa does not kill when this process exits.
    detached: true,
    // The agent has no stdin. Its sandbox reads the end of this process there, and says at `INFO_FD` which
    // process is its first one.
    stdio: isWrapped === true ? ["pipe", "pipe", "pipe", "pipe"] : ["ignore", "pipe", "pipe"],
    buffer: false,
    encoding: "buffer",
    reject: false,
  });
}

/** Undefined for an agent without a sandbox. */
function infoOf({ stdio }: ChildProcess): SandboxInfo | undefined {
  const info = stdio[INFO_FD];
  return info instanceof Readable ? new SandboxInfo(info) : undefined;
}

/**
 * Ends every process of a sandbox, even one that has left the group and has no marker.
 * @returns whether none is left; undefined if no sandbox was made.
 */
async function endSandbox(
  info: SandboxInfo | undefined,
  { clock }: AgentRun,
): Promise<boolean | undefined> {
  const namespace = await info?.namespace();
  if (namespace === undefined) return undefined;
  const nowMs = () => clock.monotonicMs();
  return await endNamespace(namespace, { limitMs: SANDBOX_END_MS, nowMs });
}

/** Lets the process work until it ends or is made to. */
async function work(
  {
    pid,
    child,
    sandbox,
  }: {
    readonly pid: number;
    readonly child: ChildProcess;
    readonly sandbox: SandboxInfo | undefined;
  },
  run: AgentRun,
  capture: BoundedCapture,
): Promise<EndCause> {
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const limits = watchLimits(run, exited);
  // How the process ends shows what failed; an "error" event without a listener would end us.
  for (const part of [child, child.stdout, child.stderr]) part?.on("error", () => {});
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.on("data", (chunk: Buffer) => {
      limits.sawOutput();
      capture.write(name, chunk);
      if (!capture.isOver) return;
      limits.reach("output_limit");
      // A flood is not read: its writer gets a broken pipe.
      closeOutput(child);
    });
  }
  const cause = await limits.reached;
  if (cause !== "itself") {
    const graces = { ...GRACES, ...run.graces };
    const wrapper = sandbox && { pid: sandbox.pid ?? pid };
    await endProcessGroup({ pid, wrapper, exited, graces, atOnce: run.atOnce });
  }
  return cause;
}

function closeOutput(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
}

/** What ended an agent's process. */
export type EndCause = "itself" | "wall_limit" | "idle_limit" | "output_limit" | "abort";

const CHECK_MS_MAX = 1000;

/** Waits until the process ends by itself, its time is over, it hangs, or a signal stops it. */
function watchLimits(limits: AgentRun, exited: Promise<void>) {
  const { clock } = limits;
  const { promise, resolve } = Promise.withResolvers<EndCause>();
  const { wallLimitMs, idleLimitMs } = limits;
  const startedMs = clock.monotonicMs();
  let lastOutputMs = startedMs;
  const lastSignMs = () => Math.max(lastOutputMs, limits.lastActivityMs?.() ?? 0);

  const checkMs = Math.min(CHECK_MS_MAX, Math.max(1, Math.min(wallLimitMs, idleLimitMs) / 4));
  const checks = setInterval(() => {
    const nowMs = clock.monotonicMs();
    if (nowMs - startedMs >= wallLimitMs) resolve("wall_limit");
    else if (nowMs - lastSignMs() >= idleLimitMs) resolve("idle_limit");
  }, checkMs);
  const abort = () => resolve("abort");
  const signals = [limits.signal, limits.atOnce].filter((signal) => signal !== undefined);
  const stop = AbortSignal.any(signals);
  if (stop.aborted) abort();
  stop.addEventListener("abort", abort, { once: true });
  void exited.then(() => resolve("itself"));

  const reached = promise.finally(() => {
    clearInterval(checks);
    stop.removeEventListener("abort", abort);
  });
  return {
    /** The first cause to end the process; later ones are consequences. */
    reached,
    /** Call this on every output, which is activity. */
    sawOutput: () => {
      lastOutputMs = clock.monotonicMs();
    },
    reach: resolve,
  };
}
