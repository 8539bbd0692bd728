import { setTimeout as sleep } from "node:timers/promises";

/** For a hang: the slowest machine is faster. */
export const HANG_MS = 240_000;
const POLL_MS = 2;

/** Looks every few milliseconds until something is so; a complaint says what there was instead. */
export async function waitUntil(
  isSo: () => boolean | Promise<boolean>,
  complaint: () => string = () => "",
): Promise<void> {
  const untilMs = performance.now() + HANG_MS;
  while (!(await isSo())) {
    if (performance.now() > untilMs) throw new Error(`It did not come about. ${complaint()}`);
    await sleep(POLL_MS);
  }
}
