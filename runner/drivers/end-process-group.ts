import { setTimeout as sleep } from "node:timers/promises";

import { listProcesses } from "./list-processes.ts";
import { MARKER_VARIABLE } from "./sweep-processes.ts";

/** How long each signal is given before the next one follows, milliseconds. */
export interface Graces {
  /** After SIGINT: Claude Code writes its last event and ends in a fifth of a second. */
  readonly interruptMs: number;
  /** After SIGTERM. */
  readonly terminateMs: number;
  /** After SIGKILL, for the kernel to take the process away. */
  readonly killMs: number;
}

export interface EndingGroup {
  /** The group's number, which is its leader's process number. */
  readonly pid: number;
  /**
   * The leader only waits for the agent, its child: asked to end it would be gone at once, and the
   * agent with it before it could write its last event.
   */
  readonly isLeaderWrapper?: boolean | undefined;
  /** Settles when the leader has ended. */
  readonly exited: Promise<unknown>;
  readonly graces: Graces;
  /** Aborted: no more graces, SIGKILL at once. */
  readonly atOnce?: AbortSignal | undefined;
}

/** Ends a process group: SIGINT, SIGTERM, SIGKILL, each only if the leader outlived the one before. */
export async function endProcessGroup(group: EndingGroup): Promise<void> {
  const { graces } = group;
  for (const [signal, graceMs] of [
    ["SIGINT", graces.interruptMs],
    ["SIGTERM", graces.terminateMs],
  ] as const) {
    if (group.atOnce?.aborted === true) break;
    await askToEnd(group, signal);
    if (await endsWithin(group, graceMs)) break;
  }
  // Also where the leader has ended: others of the group may still be there.
  signalGroup(group.pid, "SIGKILL");
  await endsWithin({ ...group, atOnce: undefined }, graces.killMs);
}

async function askToEnd({ pid, isLeaderWrapper }: EndingGroup, signal: NodeJS.Signals) {
  if (isLeaderWrapper !== true) return signalGroup(pid, signal);
  const processes = await listProcesses(MARKER_VARIABLE);
  for (const agent of processes.filter(({ parentPid }) => parentPid === pid)) {
    sendSignal(agent.pid, signal);
  }
}

/** Signals every process of a group; one that is not there any more is no failure. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  sendSignal(-pid, signal);
}

function sendSignal(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    if (!isErrorWithCode(error, ["ESRCH", "EPERM"])) throw error;
  }
}

async function endsWithin(group: EndingGroup, graceMs: number): Promise<boolean> {
  const waiting = new AbortController();
  const signals = group.atOnce === undefined ? [] : [group.atOnce];
  const signal = AbortSignal.any([waiting.signal, ...signals]);
  const ended = group.exited.then(() => true);
  const passed = sleep(graceMs, false, { signal }).catch(() => false);
  const result = await Promise.race([ended, passed]);
  waiting.abort();
  return result;
}

function isErrorWithCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
