import type { Environment } from "../environment.ts";

/** What Ctrl-C means for a run: the first ends the current attempt, the second ends it at once. */
export interface Interrupts {
  readonly signal: AbortSignal;
  readonly atOnce: AbortSignal;
  close(): void;
}

export function listenForInterrupts(
  environment: Environment,
  note: (sentence: string) => void,
): Interrupts {
  const first = new AbortController();
  const second = new AbortController();
  const close = environment.onInterrupt(() => {
    if (first.signal.aborted) {
      second.abort();
      return;
    }
    note("Interrupted: the current attempt is being ended. Once more ends it at once.");
    first.abort();
  });
  return { signal: first.signal, atOnce: second.signal, close };
}
