import { setImmediate as nextTurn } from "node:timers/promises";

import type { Clock } from "../../../../ledger/domain/clock.ts";

interface Sleeper {
  readonly atMs: number;
  readonly order: number;
  readonly wake: () => void;
}

/** A clock that jumps to the next moment at which something waits. */
export class SimulatedTime implements Clock {
  #nowMs = 0;
  #order = 0;
  #sleepers: Sleeper[] = [];

  nowMs(): number {
    return 1_800_000_000_000 + this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  /** Waits for simulated milliseconds, or until the signal fires. */
  readonly wait = async (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      this.#order += 1;
      const wake = () => {
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      signal?.addEventListener("abort", wake, { once: true });
      this.#sleepers.push({ atMs: this.#nowMs + ms, order: this.#order, wake });
    });
  };

  /** Lets the time pass until the work is done. Returns false if it takes too long or nothing more happens. */
  async run(work: Promise<unknown>, limitMs: number): Promise<boolean> {
    let isDone = false;
    const done = work.finally(() => (isDone = true));
    done.catch(() => undefined);
    for (;;) {
      await nextTurn();
      if (isDone) break;
      const next = this.#earliest();
      if (next === undefined || next.atMs > limitMs) return false;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
    }
    await done;
    return true;
  }

  #earliest(): Sleeper | undefined {
    let index = -1;
    for (const [at, one] of this.#sleepers.entries()) {
      const best = this.#sleepers[index];
      if (best === undefined || one.atMs < best.atMs) index = at;
    }
    return index === -1 ? undefined : this.#sleepers.splice(index, 1)[0];
  }
}
