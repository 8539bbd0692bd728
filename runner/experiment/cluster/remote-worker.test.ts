import { expect, test } from "vitest";

import type { PlannedWindow } from "../../plan/assignment/plan.ts";
import { RemoteWorker } from "./remote-worker.ts";
import { SimulatedSwitchboard } from "./test-support/simulated-switchboard.ts";
import { SimulatedTime } from "./test-support/simulated-time.ts";

const EXPERIMENT = "0123456789ab";
const POLL_MS = 1000;
const LIMIT_MS = 60_000;
const NEVER = new AbortController().signal;
const HEARTBEAT_MS = 30_000;
const WORKER = { name: "one", host: "one", machineClass: "small", slots: 8, windows: [] };
const SEEKER = { ...WORKER, experiments: [EXPERIMENT] };

function openTrial(providers: readonly { id: string; windows?: number }[] = []) {
  const time = new SimulatedTime();
  const board = new SimulatedSwitchboard({ clock: time, heartbeatMs: HEARTBEAT_MS });
  const [first, second] = [planned("W0-01", "a", 1), planned("W0-02", "b", 2)];
  const held = new Set<string>();
  const said: string[] = [];
  const [ended, left] = [new AbortController(), new AbortController()];
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
    say: (sentence) => said.push(sentence),
    atOnce: left.signal,
  });
  void remote.watch(ended.signal);
  const work = async (one: PlannedWindow, signal: AbortSignal = NEVER) => {
    const order = {
      experimentId: EXPERIMENT,
      sessionId: "s",
      planned: one,
      attempt: 1,
      marker: "",
    };
    return await remote.work(order, signal);
  };
  const settle = async <Value>(promise: Promise<Value>): Promise<Value> => {
    expect(await time.run(promise, time.monotonicMs() + LIMIT_MS)).toBe(true);
    return await promise;
  };
  const close = (): void => ended.abort();
  return { time, board, remote, first, second, held, said, left, work, settle, close };
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
  expect(await board.claim(SEEKER)).toBeNull();
  close();
});

test("a window that a worker has continues, whoever is held", async () => {
  const { board, time, first, held, work, settle, close } = openTrial();
  const working = work(first);
  await settle(time.wait(POLL_MS));
  const claim = await board.claim(SEEKER);
  held.add("a");
  await settle(time.wait(3 * POLL_MS));
  const output = { outcome: "pass", reason: null, quality: 1, usage: { requests: 1 } } as const;
  if (claim === null) throw new Error("No window was handed out.");
  await board.finish(claim, { rows: [], spent: { tokens: 0, usd: 0, minutes: 0 }, output });
  expect(await settle(working)).toMatchObject({ outcome: "pass" });
  close();
});

test("a window that its worker hands back goes back to the schedule, which sets its budget aside again", async () => {
  const { board, time, first, said, work, settle, close } = openTrial();
  const working = work(first);
  await settle(time.wait(POLL_MS));
  const claim = await board.claim(SEEKER);
  if (claim === null) throw new Error("No window was handed out.");
  const output = {
    outcome: "interrupted",
    reason: "",
    quality: null,
    usage: { requests: 0 },
  } as const;
  await board.finish(claim, { rows: [], spent: { tokens: 0, usd: 0, minutes: 0 }, output });
  expect(await settle(working)).toBeNull();
  expect(said).toContain("W0-01 was handed back by its worker.");
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

test("a window that is handed out while the session ends waits for no worker", async () => {
  const { board, first, work, settle, close } = openTrial();
  const session = new AbortController();
  const enqueue = board.enqueue.bind(board);
  board.enqueue = async (job) => {
    session.abort();
    await board.stop(EXPERIMENT, "interrupted");
    return await enqueue(job);
  };
  expect(await settle(work(first, session.signal))).toMatchObject({ outcome: "interrupted" });
  close();
});

test("a window whose worker has died ends with the session, after the worker's last sign of life", async () => {
  const { board, time, first, work, settle, close } = openTrial();
  const session = new AbortController();
  const working = work(first, session.signal);
  await settle(time.wait(POLL_MS));
  await board.claim(SEEKER);
  session.abort();
  await board.stop(EXPERIMENT, "interrupted");
  await settle(time.wait(HEARTBEAT_MS + POLL_MS));
  board.monitor();
  expect(await settle(working)).toMatchObject({ outcome: "interrupted" });
  close();
});

test("windows are left to their workers when the session has to end", async () => {
  const { board, time, first, second, left, said, work, settle, close } = openTrial();
  const session = new AbortController();
  const working = work(first, session.signal);
  await settle(time.wait(POLL_MS));
  await board.claim(SEEKER);
  session.abort();
  await settle(time.wait(10 * POLL_MS));
  expect(said).toContain(
    "Waiting for the workers to end W0-01: at most a minute. Another Ctrl-C leaves them.",
  );
  left.abort();
  const reason = "It is left to its worker.";
  expect(await settle(working)).toMatchObject({ outcome: "interrupted", reason });
  expect(await settle(work(second, session.signal))).toMatchObject({ outcome: "interrupted" });
  close();
});

test("a failure that is not of the connection ends the wait for every window", async () => {
  const { board, first, work, settle, close } = openTrial();
  board.workers = async () => {
    throw new Error("The ledger is damaged.");
  };
  await expect(settle(work(first))).rejects.toThrow("The ledger is damaged.");
  close();
});

test("the refusal of a worker is said once, and its slots are no places", async () => {
  const { board, remote, time, said, settle, close } = openTrial();
  const refusals = [{ experimentId: EXPERIMENT, why: "it has other tasks" }];
  await board.greet({ ...WORKER, refusals });
  await settle(time.wait(5 * POLL_MS));
  expect(said.filter((sentence) => sentence.startsWith("one takes no windows"))).toEqual([
    "one takes no windows: it has other tasks.",
  ]);
  await remote.take("a", NEVER);
  let taken = 0;
  void remote.take("a", NEVER).then(() => (taken += 1));
  await settle(time.wait(5 * POLL_MS));
  expect(taken).toBe(0);
  close();
});
