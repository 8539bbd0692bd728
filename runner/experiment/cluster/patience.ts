import { setTimeout as sleep } from "node:timers/promises";

import type { Clock } from "../../../ledger/domain/clock.ts";
import { isOfConnection } from "../../../ledger/store/postgres/store-failure.ts";

const RETRY_MS = 500;
/** A cut connection is no surprise. */
const NEWS_MS = 5000;

interface PatienceParts {
  /** The store, as people know it. */
  readonly shown: string;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly say: (sentence: string) => void;
}

/** Repeats what only the connection to a store has failed, until it is answered, and says when the store is away. */
export class Patience {
  readonly #parts: PatienceParts;
  #answeredMs: number;
  #isAway = false;

  constructor(parts: PatienceParts) {
    this.#parts = parts;
    this.#answeredMs = parts.clock.monotonicMs();
  }

  /** @param act - It may be done again with the same effect. */
  async until<Value>(act: () => Promise<Value>): Promise<Value> {
    for (;;) {
      try {
        const value = await act();
        this.#answered();
        return value;
      } catch (error) {
        if (!isOfConnection(error)) throw error;
        this.#unanswered();
        await sleep(RETRY_MS);
      }
    }
  }

  /** The same object; each of its methods is repeated. */
  of<Target extends object>(target: Target): Target {
    return new Proxy(target, {
      get: (_, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        return async (...args: unknown[]): Promise<unknown> =>
          await this.until(async () => await method.apply(target, args));
      },
    });
  }

  #answered(): void {
    const { shown, clock, say } = this.#parts;
    this.#answeredMs = clock.monotonicMs();
    if (this.#isAway) say(`${shown} answers again.`);
    this.#isAway = false;
  }

  #unanswered(): void {
    const { shown, clock, say } = this.#parts;
    if (this.#isAway || clock.monotonicMs() - this.#answeredMs < NEWS_MS) return;
    this.#isAway = true;
    say(`${shown} does not answer. The run continues when it does.`);
  }
}
