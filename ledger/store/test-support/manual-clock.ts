import type { Clock } from "../../domain/clock.ts";

/** A clock that moves only when a test sets it. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
}

export function manualClock(startMs = 1_700_000_000_000): ManualClock {
  let nowMs = startMs;
  let monotonicMs = 0;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => monotonicMs,
    advance: (ms) => {
      nowMs += ms;
      monotonicMs += Math.max(0, ms);
    },
  };
}
