import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { finished } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

import type { Clock } from "../../ledger/domain/clock.ts";
import { BoundedCapture } from "./bounded-capture.ts";
import type { CommandLine } from "./driver.ts";
import { endProcessGroup, signalGroup, type Graces } from "./end-process-group.ts";
import { MARKER_VARIABLE, sweepProcesses, type Sweep } from "./sweep-processes.ts";
import { watchLimits, type EndCause } from "./watch-limits.ts";

/** One agent process and what bounds it. Times are milliseconds. */
export interface AgentRun {
  readonly commandLine: CommandLine;
  /** The command only starts the agent as its child and waits for it, as bubblewrap does. */
  readonly isWrapped?: boolean;
  readonly cwd: string;
  /** Unique to this attempt, without blanks; every process that the agent starts inherits it. */
  readonly marker: string;
  readonly wallLimitMs: number;
  /** Without output and without a request for this long, the agent is taken to hang. */
  readonly idleLimitMs: number;
  /** Of stdout and stderr together; an agent that writes more is ended. */
  readonly outputBytesMax: number;
  /** The file that receives stdout and stderr, in whole lines. */
  readonly capture: string;
  readonly clock: Clock;
  /** The monotonic time of the attempt's last request at the proxy, which also counts as activity. */
  readonly lastActivityMs?: () => number;
  /** Aborted: the agent is ended with graces (a budget's stop, a first Ctrl-C). */
  readonly signal: AbortSignal;
  /** Aborted: the agent is killed without graces (a second Ctrl-C). */
  readonly atOnce?: AbortSignal;
  readonly graces?: Partial<Graces>;
}

export interface AgentEnd {
  readonly endedBy: EndCause;
  /** `null` where a signal ended it or it never started. No verdict: agents exit 0 on failures. */
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly durationMs: number;
  /** Bytes of output received; at most one read more than the bound. */
  readonly outputBytes: number;
  /** Processes that outlived the agent and were killed by the sweep. */
  readonly survivors: number;
  /** Of the survivors, those that could not be killed. */
  readonly unkilled: number;
  /** Why the process could not be started. */
  readonly startError?: string;
  /** Why the capture is incomplete although its bound was not reached. */
  readonly captureError?: string;
}

const GRACES: Graces = { interruptMs: 3000, terminateMs: 2000, killMs: 5000 };
const DRAIN_MS = 1000;

/**
 * Runs an agent to its end, whatever that is: in a process group of its own, without stdin, with
 * exactly the given environment and the marker, and leaves no process of it behind.
 * Never rejects for what the agent does; an executable that can't be started is a `startError`.
 */
export async function runAgentProcess(run: AgentRun): Promise<AgentEnd> {
  const capture = new BoundedCapture(run.capture, run.outputBytesMax);
  const startedMs = run.clock.monotonicMs();
  try {
    const isStopped = run.signal.aborted || run.atOnce?.aborted === true;
    const started = isStopped ? undefined : await start(run);
    if (started === undefined) return { ...NOTHING, endedBy: "abort" };
    if (typeof started === "string") return { ...NOTHING, startError: started };
    const endedBy = await work(started, run, capture);
    const durationMs = run.clock.monotonicMs() - startedMs;
    const sweep = await leaveNothing(started, run.marker);
    return describeEnd({ endedBy, durationMs, child: started, sweep, capture });
  } finally {
    capture.close();
  }
}

const NOTHING: AgentEnd = {
  endedBy: "itself",
  exitCode: null,
  exitSignal: null,
  durationMs: 0,
  outputBytes: 0,
  survivors: 0,
  unkilled: 0,
};

/** The running process, or why there is none. */
async function start(run: AgentRun): Promise<ChildProcess | string> {
  const { file, args, env } = run.commandLine;
  if (!statSync(run.cwd, { throwIfNoEntry: false })?.isDirectory()) {
    return `the working folder ${run.cwd} is not there`;
  }
  try {
    const child = spawn(file, args, {
      cwd: run.cwd,
      env: { ...env, [MARKER_VARIABLE]: run.marker },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    await once(child, "spawn");
    // A failure to signal or to read is seen in how the process ends; unheard, it would end us.
    for (const part of [child, child.stdout, child.stderr]) part?.on("error", () => {});
    return child;
  } catch (error) {
    return `${file} could not be started: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Lets the process work until it ends or is made to. */
async function work(
  child: ChildProcess,
  run: AgentRun,
  capture: BoundedCapture,
): Promise<EndCause> {
  const exited = exitOf(child);
  const limits = watchLimits(run, exited);
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.on("data", (chunk: Buffer) => {
      limits.sawOutput();
      capture.write(stream, chunk);
      if (!capture.isOver) return;
      limits.reach("output_limit");
      // A flood is not even read: the writer gets a broken pipe.
      closeOutput(child);
    });
  }
  const cause = await limits.reached;
  if (cause !== "itself" && child.pid !== undefined) {
    const graces = { ...GRACES, ...run.graces };
    const isLeaderWrapper = run.isWrapped;
    await endProcessGroup({ pid: child.pid, isLeaderWrapper, exited, graces, atOnce: run.atOnce });
  }
  return cause;
}

async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** Ends what the agent left behind, and reads what is still in its pipes. */
async function leaveNothing(child: ChildProcess, marker: string): Promise<Sweep> {
  const sweep = await sweepProcesses({ marker });
  // Whoever is in the group has been started by the agent, even without the marker.
  if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
  await drained(child);
  closeOutput(child);
  child.unref();
  return sweep;
}

/** A process that escaped the sweep may hold the pipes open for ever. */
async function drained(child: ChildProcess): Promise<void> {
  const closed = [child.stdout, child.stderr].map((stream) =>
    stream === null ? Promise.resolve() : finished(stream),
  );
  const waiting = new AbortController();
  const passed = sleep(DRAIN_MS, undefined, { signal: waiting.signal });
  await Promise.race([Promise.allSettled(closed), passed.catch(() => {})]);
  waiting.abort();
}

function closeOutput(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function describeEnd(seen: {
  readonly endedBy: EndCause;
  readonly durationMs: number;
  readonly child: ChildProcess;
  readonly sweep: Sweep;
  readonly capture: BoundedCapture;
}): AgentEnd {
  const { child, sweep, capture } = seen;
  return {
    endedBy: seen.endedBy,
    exitCode: child.exitCode,
    exitSignal: child.signalCode,
    durationMs: seen.durationMs,
    outputBytes: capture.bytes,
    survivors: sweep.found,
    unkilled: sweep.remaining,
    ...(capture.error === undefined ? {} : { captureError: capture.error }),
  };
}
