import { expect, test } from "vitest";

import type { Claim } from "./switchboard.ts";
import { SimulatedSwitchboard } from "./test-support/simulated-switchboard.ts";
import { SimulatedTime } from "./test-support/simulated-time.ts";
import { overAttempt, WORKER_TIMES, workWindows } from "./worker-loop.ts";

const LIMIT_MS = 3_600_000;
const REFUSED = "connect ECONNREFUSED 127.0.0.1:5432";
const STARTING = "the database system is starting up";

const WORKER = { name: "one", host: "one", machineClass: "small" };
const CLAIM: Claim = {
  id: "1",
  delivery: 0,
  executedOrder: 1,
  job: {
    experimentId: "0123456789ab",
    sessionId: "s",
    machineClass: null,
    planned: {
      window: "W0-01",
      provider: "a",
      featureId: "f",
      replicate: 1,
      period: 1,
      command: "/implement",
    },
  },
};

/** A store whose calls fail one after the other; undefined is an answer, and the last one. */
class Failing extends SimulatedSwitchboard {
  readonly drain = new AbortController();
  readonly #left: (string | undefined)[];

  constructor(clock: SimulatedTime, failures: readonly (string | undefined)[]) {
    super({ clock, heartbeatMs: 1000 });
    this.#left = [...failures];
  }

  /** Takes the next answer. */
  answer(): void {
    const failure = this.#left.shift();
    if (this.#left.length === 0) this.drain.abort();
    if (failure !== undefined) throw Object.assign(new Error(failure), { code: "ECONNREFUSED" });
  }

  override async claim(): Promise<Claim | null> {
    this.answer();
    return null;
  }
}

class FailingAtWork extends Failing {
  override async claim(): Promise<Claim | null> {
    return CLAIM;
  }

  override async finish(): Promise<"done"> {
    this.answer();
    return "done";
  }
}

/** What a worker says to these failures. */
async function work(
  failures: readonly (string | undefined)[],
  { slots = 1, Board = Failing }: { slots?: number; Board?: typeof Failing } = {},
) {
  const time = new SimulatedTime();
  const board = new Board(time, failures);
  const said: string[] = [];
  const output = { outcome: "pass" as const, reason: "", quality: null, usage: { requests: 1 } };
  const working = workWindows(
    {
      board,
      worker: { ...WORKER, slots },
      open: async () => overAttempt({ rows: [], output }, async () => {}),
      experiments: async () => ["0123456789ab"],
      clock: time,
      wait: time.wait,
      times: WORKER_TIMES,
      say: (sentence) => said.push(sentence),
    },
    { drain: board.drain.signal, atOnce: new AbortController().signal },
  );
  expect(await time.run(working, LIMIT_MS)).toBe(true);
  return said;
}

test.each([1, 4])("an outage is said once by a worker with %i slots", async (slots) => {
  const outage = Array.from({ length: 40 }, () => REFUSED);
  expect(await work(outage, { slots })).toEqual([`No window can be taken now: ${REFUSED}`]);
});

test("another reason and the next outage are said", async () => {
  const said = await work([REFUSED, REFUSED, STARTING, STARTING, undefined, STARTING]);
  expect(said).toEqual(
    [REFUSED, STARTING, STARTING].map((reason) => `No window can be taken now: ${reason}`),
  );
});

test("an outage is said once by a worker that has a window", async () => {
  const outage = [...Array.from({ length: 40 }, () => REFUSED), undefined];
  expect(await work(outage, { Board: FailingAtWork })).toEqual([
    `Waiting for the store: ${REFUSED}`,
  ]);
});
