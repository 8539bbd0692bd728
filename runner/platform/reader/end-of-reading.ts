import { READING_LIMITS } from "./reading.ts";

/** How long a reading may take after Ctrl-C. */
const INTERRUPTED_MS = 5000;

/**
 * Fires when a process that looks at what an agent left has to end: after a time, or a few seconds after Ctrl-C.
 * @param interrupted aborted by Ctrl-C.
 */
export function endOfReading(
  interrupted: AbortSignal | undefined,
  limitMs: number = READING_LIMITS.ms,
): AbortSignal {
  const late = AbortSignal.timeout(limitMs);
  if (interrupted === undefined) return late;
  const hurried = new AbortController();
  const hurry = () => void setTimeout(() => hurried.abort(), INTERRUPTED_MS).unref();
  if (interrupted.aborted) hurry();
  else interrupted.addEventListener("abort", hurry, { once: true, signal: late });
  return AbortSignal.any([late, hurried.signal]);
}
