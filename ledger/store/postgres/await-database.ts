import { setTimeout as sleep } from "node:timers/promises";

import type { Clock } from "../../domain/clock.ts";
import type { StoreAddress } from "./store-address.ts";
import { type Delay, delayOf, explainStoreFailure } from "./store-failure.ts";

export interface AwaitParts {
  readonly address: StoreAddress;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly say: (sentence: string) => void;
  /** Whether a server that takes no connections is waited for. Its address may be wrong. */
  readonly isPatient: boolean;
}

const RETRY_MS = 500;
const SAY_MS = 10_000;
const MS_PER_SECOND = 1000;
/** A server that is being started again takes no connections for a moment; its recovery may take minutes. */
const LIMITS_MS: Readonly<Record<Delay, number>> = { refusing: 60_000, starting: 300_000 };
const WHAT: Readonly<Record<Delay, string>> = {
  refusing: "the server takes no connections",
  starting: "the database is starting",
};

/**
 * Does something that begins with a connection. It waits for a database that is starting, and says so.
 * @throws what the last try threw, if the database was not there in time.
 */
export async function awaitDatabase<Value>(
  act: () => Promise<Value>,
  { address, clock, say, isPatient }: AwaitParts,
): Promise<Value> {
  const startedMs = clock.monotonicMs();
  let saidMs = -Infinity;
  for (;;) {
    try {
      const value = await act();
      if (saidMs > -Infinity) say(`${address.shown}: the database answers.`);
      return value;
    } catch (error) {
      const delay = delayOf(error);
      const waitedMs = clock.monotonicMs() - startedMs;
      const mayPass = delay !== undefined && (delay === "starting" || isPatient);
      if (!mayPass || waitedMs > LIMITS_MS[delay]) throw explainStoreFailure(address, error);
      if (waitedMs - saidMs >= SAY_MS) {
        const leftS = Math.ceil((LIMITS_MS[delay] - waitedMs) / MS_PER_SECOND);
        say(`${address.shown}: ${WHAT[delay]}. Waiting for it, at most ${leftS} s more.`);
        saidMs = waitedMs;
      }
      await sleep(RETRY_MS);
    }
  }
}
