import { setTimeout as sleep } from "node:timers/promises";

import { listProcesses } from "./list-processes.ts";
import { MARKER_VARIABLE } from "./sweep-processes.ts";

/** How long to wait after each signal before the next one, milliseconds. */
export interface Graces {
  /** After SIGINT: Claude Code writes its last event and ends within a fifth of a second. */
  readonly interruptMs: number;
  /** After SIGTERM. */
  readonly terminateMs: number;
  /** After SIGKILL, until the kernel has removed the process. */
  readonly killMs: number;
}

export interface EndingGroup {
  /** The group's number, which is the process number of its leader. */
  readonly pid: number;
  /**
   * The leader only waits for the agent, its child. A signal to the leader would end it at once, and
   * the agent with it, before the agent could write its last event.
   */
  readonly isLeaderWrapper?: boolean | undefined;
  /** Settles when the leader has ended. */
  readonly exited: Promise<unknown>;
  readonly graces: Graces;
  /** Aborted: SIGKILL at once, without graces. */
  readonly atOnce?: AbortSignal | undefined;
}

/** Ends a process group: SIGINT, SIGTERM, SIGKILL, each only if the leader outlives the one before. */
export async function endProcessGroup(group: EndingGroup): Promise<void> {
  const { pid, graces, atOnce } = group;
  for (const [signal, graceMs] of [
    ["SIGINT", graces.interruptMs],
    ["SIGTERM", graces.terminateMs],
  ] as const) {
    if (atOnce?.aborted === true) break;
    await askToEnd(group, signal);
    if (await endsWithin(group, graceMs)) break;
  }
  // Other processes of the group may be alive although the leader has ended.
  sendSignal(-pid, "SIGKILL");
  await endsWithin({ exited: group.exited }, graces.killMs);
}

async function askToEnd({ pid, isLeaderWrapper }: EndingGroup, signal: NodeJS.Signals) {
  if (isLeaderWrapper !== true) return sendSignal(-pid, signal);
  const processes = await listProcesses(MARKER_VARIABLE);
  for (const agent of processes.filter(({ parentPid }) => parentPid === pid)) {
    sendSignal(agent.pid, signal);
  }
}

/** Signals a process, or a group by its negative number. It ignores one that has ended. */
export function sendSignal(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

async function endsWithin(
  { exited, atOnce }: Pick<EndingGroup, "exited" | "atOnce">,
  graceMs: number,
): Promise<boolean> {
  const waiting = new AbortController();
  const signal = AbortSignal.any([waiting.signal, ...(atOnce === undefined ? [] : [atOnce])]);
  const passed = sleep(graceMs, false, { signal }).catch(() => false);
  const hasEnded = await Promise.race([exited.then(() => true), passed]);
  waiting.abort();
  return hasEnded;
}
