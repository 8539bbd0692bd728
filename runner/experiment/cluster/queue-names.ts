/** The schema of the queue. */
export const SCHEMA = "counterbalance_queue";
export const DEAD = "windows.dead";

/** Seconds. */
export const TIMES = { expire: 6 * 3600, heartbeat: 30, monitor: 10 } as const;
export const DELIVERIES_MAX = 20;
/** Tells coordinators that a window is done. */
export const DONE_CHANNEL = "counterbalance_done";

/**
 * The queue of a job: workers look only for experiments that they can work. The first window of a pair may
 * go to any machine, the others wait in the queue of their machine's class.
 */
export function queueOf(experimentId: string, machineClass: string | null): string {
  const any = `windows.${experimentId}`;
  return machineClass === null ? any : `${any}.${machineClass}`;
}
