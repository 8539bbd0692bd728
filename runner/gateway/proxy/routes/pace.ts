import { setTimeout as sleep } from "node:timers/promises";

import type { Clock } from "../../../../ledger/domain/clock.ts";

const MS_PER_SECOND = 1000;

/** Limits the requests per second by name. Requests above the limit wait in their order. */
export class Pace {
  readonly #clock: Clock;
  readonly #freeAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the next request may start: at once, unless others came just before. */
  async turn(name: string, requestsPerS: number, signal: AbortSignal): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    const atMs = Math.max(nowMs, this.#freeAtMs.get(name) ?? 0);
    this.#freeAtMs.set(name, atMs + MS_PER_SECOND / requestsPerS);
    if (atMs === nowMs) return;
    await sleep(atMs - nowMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
