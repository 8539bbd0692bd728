import type { Environment } from "../../platform/environment/environment.ts";
import type { Display } from "./open-display.ts";

/** The first Ctrl-C ends the current attempt in order, the second one at once. */
export interface Interrupts {
  readonly signal: AbortSignal;
  readonly atOnce: AbortSignal;
  close(): void;
}

export function listenForInterrupts(
  environment: Environment,
  display: Pick<Display, "noted" | "isAtWork">,
): Interrupts {
  const first = new AbortController();
  const second = new AbortController();
  const close = environment.onInterrupt(() => {
    if (first.signal.aborted) {
      second.abort();
      return;
    }
    display.noted(
      // Between windows a run waits for a budget, for hours or for a washout.
      display.isAtWork()
        ? "Interrupted: the current attempt is being ended. Once more ends it at once."
        : "Interrupted: no attempt is running; the run ends.",
    );
    first.abort();
  });
  return { signal: first.signal, atOnce: second.signal, close };
}
