import { setTimeout as sleep } from "node:timers/promises";

import { hasCode } from "../../../ledger/domain/errors.ts";
import { type ListedProcess, listProcesses } from "./list-processes.ts";

/** Every process of an attempt has this environment variable, with the attempt's marker. */
export const MARKER_VARIABLE = "COUNTERBALANCE_WINDOW_MARKER";

/** The processes to end: those of one attempt, or all whose marker starts with a prefix. */
type SweepTarget = { readonly marker: string } | { readonly markerPrefix: string };

const ROUNDS_MAX = 100;
const ROUND_PAUSE_MS = 20;
/** The table of processes changes while it is read, so one empty round is not enough. */
const CALM_ROUNDS = 2;
/** How many rounds to wait until a process with an empty environment gets one. */
const CALM_ROUNDS_MAX = 8;

/**
 * Kills every process that has the marker. It repeats until none is left, because a process may start
 * another while it is being killed. Agents start their tools in sessions of their own: a signal to
 * the agent's process group does not reach them, but they inherit its environment.
 *
 * A process that clears its environment escapes, unless its parent still has the marker.
 * @returns how many it found alive, and how many remain: stuck, or not ours to kill.
 */
export async function sweepProcesses(target: SweepTarget) {
  const isTarget = markerTest(target);
  const found = new Set<number>();
  let alive: readonly number[] = [];
  for (let round = 0, calm = 0; round < ROUNDS_MAX && calm < CALM_ROUNDS_MAX; round += 1) {
    if (round > 0) await sleep(ROUND_PAUSE_MS);
    const processes = await listProcesses(MARKER_VARIABLE);
    alive = findTargets(processes, isTarget);
    for (const pid of alive) {
      found.add(pid);
      // One that is not ours to kill shows in the next round.
      sendSignal(pid, "SIGKILL");
    }
    calm = alive.length === 0 ? calm + 1 : 0;
    if (calm >= CALM_ROUNDS && !processes.some(({ isUnsettled }) => isUnsettled)) break;
  }
  return { found: found.size, remaining: alive.length };
}

function markerTest(target: SweepTarget): (value: string) => boolean {
  const text = "marker" in target ? target.marker : target.markerPrefix;
  if (text === "") throw new RangeError("A sweep needs a marker: an empty one means every window.");
  if ("markerPrefix" in target) return (value) => value.startsWith(text);
  // The turns of a team have markers of their own, so that the end of one does not end another.
  return (value) => value === text || value.startsWith(`${text}.`);
}

/** Marked processes and their descendants, without this process and its ancestors. */
function findTargets(
  processes: readonly ListedProcess[],
  isTarget: (value: string) => boolean,
): readonly number[] {
  const parents = new Map(processes.map(({ pid, parentPid }) => [pid, parentPid]));
  const marked = new Set(
    processes.filter(({ values }) => values.some(isTarget)).map(({ pid }) => pid),
  );
  const spared = new Set(lineOf(process.pid, parents));
  return [...parents.keys()].filter((pid) => {
    // The nearest ancestor that is marked or spared decides.
    const decisive = lineOf(pid, parents).find((one) => spared.has(one) || marked.has(one));
    return decisive !== undefined && !spared.has(decisive);
  });
}

/** A process and its ancestors, nearest first. */
function lineOf(pid: number, parents: ReadonlyMap<number, number>): readonly number[] {
  const line = [pid];
  const seen = new Set(line);
  for (let next = parents.get(pid); next !== undefined && next > 1; next = parents.get(next)) {
    // The system reuses process numbers while the table is read, so there may be a cycle.
    if (seen.has(next)) break;
    seen.add(next);
    line.push(next);
  }
  return line;
}

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
   * A process that only waits for the agent, its child. A signal to the group would end it at once, and
   * the agent with it, before the agent could write its last event.
   */
  readonly wrapper?: { readonly pid: number } | undefined;
  /** Settles when the leader has ended. */
  readonly exited: Promise<unknown>;
  readonly graces: Graces;
  /** Aborted: SIGKILL at once, without graces. */
  readonly atOnce?: AbortSignal | undefined;
}

/** Ends a process group: SIGINT, SIGTERM, SIGKILL, each only if the leader outlives the one before. */
export async function endProcessGroup(group: EndingGroup): Promise<void> {
  const { pid, graces, atOnce } = group;
  const steps = { SIGINT: graces.interruptMs, SIGTERM: graces.terminateMs } as const;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    if (atOnce?.aborted === true) break;
    await askToEnd(group, signal);
    if (await endsWithin(group, steps[signal])) break;
  }
  // Other processes of the group may be alive although the leader has ended.
  sendSignal(-pid, "SIGKILL");
  await endsWithin({ exited: group.exited }, graces.killMs);
}

async function askToEnd({ pid, wrapper }: EndingGroup, signal: NodeJS.Signals) {
  if (wrapper === undefined) return sendSignal(-pid, signal);
  const processes = await listProcesses(MARKER_VARIABLE);
  for (const agent of processes.filter(({ parentPid }) => parentPid === wrapper.pid)) {
    sendSignal(agent.pid, signal);
  }
}

/** Signals a process, or a group by its negative number. It ignores one that has ended. */
export function sendSignal(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    if (!hasCode(error, "ESRCH", "EPERM")) throw error;
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
