import { once } from "node:events";

interface EndParts {
  /** A first Ctrl-C. */
  readonly signal: AbortSignal;
  /** A second one. */
  readonly atOnce: AbortSignal;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Ends the connections to the store, so that nothing waits for it. */
  readonly giveUp: () => void;
}

/** How a run on workers ends after Ctrl-C. */
export interface Ending {
  /** Windows at work are left to their workers. */
  readonly left: AbortSignal;
  /** Call it when the store has the order by which workers end. */
  readonly told: () => void;
  /** Whether the store did not answer in time. */
  readonly isGivenUp: () => boolean;
  /** Call it when the run has ended. */
  readonly close: () => void;
}

/** How long the store may take to accept the order by which workers end, milliseconds. */
export const TELL_MS = 10_000;
/** How long workers may take. A dead one has lost its window by then. */
export const END_MS = 60_000;
/** How long the last rows of the session may take. */
export const CLOSE_MS = 5000;

/** Ends a run in bounded time after Ctrl-C, whatever its workers and its database do. */
export function endInTime({ signal, atOnce, wait, giveUp }: EndParts): Ending {
  const left = new AbortController();
  const told = new AbortController();
  const closed = new AbortController();
  let isGivenUp = false;
  const watch = async (): Promise<void> => {
    await firing(AbortSignal.any([signal, closed.signal]));
    const hurried = AbortSignal.any([atOnce, closed.signal]);
    await wait(TELL_MS, AbortSignal.any([told.signal, hurried]));
    if (told.signal.aborted) await wait(END_MS, hurried);
    left.abort();
    if (told.signal.aborted || hurried.aborted) await wait(CLOSE_MS, closed.signal);
    if (closed.signal.aborted) return;
    isGivenUp = true;
    giveUp();
  };
  void watch();
  return {
    left: left.signal,
    told: () => told.abort(),
    isGivenUp: () => isGivenUp,
    close: () => closed.abort(),
  };
}

async function firing(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
