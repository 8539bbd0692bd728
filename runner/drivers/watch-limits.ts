import type { Clock } from "../../ledger/domain/clock.ts";

/** What ended an agent's process. */
export type EndCause = "itself" | "wall_limit" | "idle_limit" | "output_limit" | "abort";

export interface RunLimits {
  readonly wallLimitMs: number;
  readonly idleLimitMs: number;
  readonly clock: Clock;
  readonly lastActivityMs?: () => number;
  readonly signal: AbortSignal;
  readonly atOnce?: AbortSignal;
}

export interface LimitWatch {
  /** The first cause to end the process; later ones are consequences. */
  readonly reached: Promise<EndCause>;
  /** Call this on every output, which is activity. */
  readonly sawOutput: () => void;
  readonly reach: (cause: EndCause) => void;
}

const IDLE_CHECK_MS = 1000;
/** Node.js fires a timer at once if it is set for longer. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Waits until the process ends by itself, its time is over, it hangs, or a signal stops it. */
export function watchLimits(limits: RunLimits, exited: Promise<void>): LimitWatch {
  const { clock } = limits;
  const { promise, resolve } = Promise.withResolvers<EndCause>();
  let lastOutputMs = clock.monotonicMs();
  const lastSignMs = () => Math.max(lastOutputMs, limits.lastActivityMs?.() ?? 0);

  const wallMs = Math.min(limits.wallLimitMs, TIMER_MS_MAX);
  const wall = setTimeout(() => resolve("wall_limit"), wallMs);
  const idle = setInterval(
    () => {
      if (clock.monotonicMs() - lastSignMs() >= limits.idleLimitMs) resolve("idle_limit");
    },
    Math.min(IDLE_CHECK_MS, Math.max(1, limits.idleLimitMs / 4)),
  );
  const abort = () => resolve("abort");
  const signals = [limits.signal, limits.atOnce].filter((signal) => signal !== undefined);
  const stop = AbortSignal.any(signals);
  if (stop.aborted) abort();
  stop.addEventListener("abort", abort, { once: true });
  void exited.then(() => resolve("itself"));

  const reached = promise.finally(() => {
    clearTimeout(wall);
    clearInterval(idle);
    stop.removeEventListener("abort", abort);
  });
  return {
    reached,
    sawOutput: () => {
      lastOutputMs = clock.monotonicMs();
    },
    reach: resolve,
  };
}
