import { expect, test } from "vitest";

import type { PlannedWindow } from "../assignment/plan.ts";
import { RemoteWorker } from "./remote-worker.ts";
import { SimulatedSwitchboard } from "./test-support/simulated-switchboard.ts";
import { SimulatedTime } from "./test-support/simulated-time.ts";

const EXPERIMENT = "0123456789ab";
const POLL_MS = 1000;
const LIMIT_MS = 60_000;
const NEVER = new AbortController().signal;
const WORKER = { name: "one", host: "one", machineClass: "small", slots: 8, windows: [] };

function openTrial(providers: readonly { id: string; windows?: number }[] = []) {
  const time = new SimulatedTime();
  const board = new SimulatedSwitchboard({ clock: time, heartbeatMs: 30_000 });
  const [first, second] = [planned("W0-01", "a", 1), planned("W0-02", "b", 2)];
  const held = new Set<string>();
  const ended = new AbortController();
  const remote = new RemoteWorker({
    board,
    experimentId: EXPERIMENT,
    sessionId: "s",
    sets: [
      {
        featureId: "f",
        replicate: 1,
        stratum: "",
        block: 1,
        sequence: "AB",
        windows: [first, second],
      },
    ],
    isFinal: () => false,
    catchUp: async () => {},
    wait: time.wait,
    pollMs: POLL_MS,
    mayBegin: ({ provider }) => !held.has(provider),
    providers,
    say: () => undefined,
    atOnce: NEVER,
  });
  void remote.watch(ended.signal);
  const work = async (one: PlannedWindow) => {
    const order = {
      experimentId: EXPERIMENT,
      sessionId: "s",
      planned: one,
      attempt: 1,
      marker: "",
    };
    return await remote.work(order, NEVER);
  };
  const settle = async <Value>(promise: Promise<Value>): Promise<Value> => {
    expect(await time.run(promise, time.monotonicMs() + LIMIT_MS)).toBe(true);
    return await promise;
  };
  const close = (): void => ended.abort();
  return { time, board, remote, first, second, held, work, settle, close };
}

function planned(window: string, provider: string, period: number): PlannedWindow {
  const place = { featureId: "f", replicate: 1, command: "/implement" };
  return { window, provider, period, ...place };
}

test("a window that waits for a worker is taken back when its provider is held", async () => {
  const { board, time, first, held, work, settle, close } = openTrial();
  const working = work(first);
  await settle(time.wait(POLL_MS));
  held.add("a");
  expect(await settle(working)).toBeNull();
  expect(await board.claim(WORKER)).toBeNull();
  close();
});

test("a window that a worker has goes on, whoever is held", async () => {
  const { board, time, first, held, work, settle, close } = openTrial();
  const working = work(first);
  await settle(time.wait(POLL_MS));
  const claim = await board.claim(WORKER);
  held.add("a");
  await settle(time.wait(3 * POLL_MS));
  const output = { outcome: "pass", reason: null, quality: 1, usage: { requests: 1 } } as const;
  if (claim === null) throw new Error("No window was handed out.");
  await board.finish(claim, { rows: [], spent: { tokens: 0, usd: 0, minutes: 0 }, output });
  expect(await settle(working)).toMatchObject({ outcome: "pass" });
  close();
});

test("so many windows of a provider are under way as its setting says, on all machines together", async () => {
  const { board, remote, time, settle, close } = openTrial([{ id: "a", windows: 1 }]);
  await board.greet(WORKER);
  await settle(time.wait(2 * POLL_MS));
  const release = await remote.take("a", NEVER);
  let taken = 0;
  const other = remote.take("a", NEVER).then(() => (taken += 1));
  for (let count = 0; count < 3; count += 1) await remote.take("b", NEVER);
  await settle(time.wait(3 * POLL_MS));
  expect(taken).toBe(0);
  release();
  expect(await settle(other)).toBe(1);
  close();
});
