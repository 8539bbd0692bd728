/** The schema of the queue. */
export const SCHEMA = "counterbalance_queue";
/** For the first window of a pair; the others wait in the queue of their machine's class. */
export const ANY_CLASS = "windows";
export const DEAD = "windows.dead";

/** Seconds. */
export const TIMES = { expire: 6 * 3600, heartbeat: 30, monitor: 10 } as const;
export const DELIVERIES_MAX = 20;
/** Tells coordinators that a window is done. */
export const DONE_CHANNEL = "counterbalance_done";

/** The queue of a job. */
export function queueOf(machineClass: string | null): string {
  return machineClass === null ? ANY_CLASS : `${ANY_CLASS}.${machineClass}`;
}
