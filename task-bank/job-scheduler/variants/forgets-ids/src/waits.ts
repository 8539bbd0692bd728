/** How long a job waits after a failed try: twice as long each time, up to a limit. */
export function waitAfter(tries: number, { waitMs, waitMsMax }: { waitMs: number; waitMsMax: number }): number {
  return Math.min(waitMsMax, waitMs * 2 ** (tries - 1));
}
