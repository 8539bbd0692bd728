import { expect, test } from "vitest";

import { CLOSE_MS, END_MS, endInTime, TELL_MS } from "./end-in-time.ts";
import { SimulatedTime } from "./test-support/simulated-time.ts";

const LIMIT_MS = 3_600_000;

/** When a run leaves its workers and its store after Ctrl-C, milliseconds; undefined if it does not. */
async function leave({ isTold = false, isTwice = false, isClosed = false }) {
  const time = new SimulatedTime();
  const [signal, atOnce] = [new AbortController(), new AbortController()];
  const at: { left?: number; givenUp?: number } = {};
  const ending = endInTime({
    signal: signal.signal,
    atOnce: atOnce.signal,
    wait: time.wait,
    giveUp: () => (at.givenUp = time.monotonicMs()),
  });
  ending.left.addEventListener("abort", () => {
    at.left = time.monotonicMs();
    if (isClosed) ending.close();
  });
  signal.abort();
  if (isTold) ending.told();
  if (isTwice) atOnce.abort();
  await time.run(time.wait(LIMIT_MS), LIMIT_MS);
  expect(ending.isGivenUp()).toBe(at.givenUp !== undefined);
  return at;
}

test.each([
  ["workers that do not end are left", { isTold: true }, END_MS],
  ["a store that does not take the order is left", {}, TELL_MS],
  ["a second Ctrl-C leaves workers at once", { isTold: true, isTwice: true }, 0],
  ["a second Ctrl-C leaves a store that does not answer at once", { isTwice: true }, 0],
])("%s", async (_what, what, leftMs) => {
  expect((await leave(what)).left).toBe(leftMs);
});

test.each([
  ["that took the order", { isTold: true }, END_MS + CLOSE_MS],
  ["that did not", {}, TELL_MS],
  ["after a second Ctrl-C", { isTwice: true }, CLOSE_MS],
])("a store %s is given up if it does not take the last rows", async (_what, what, givenUpMs) => {
  expect((await leave(what)).givenUp).toBe(givenUpMs);
});

test("a run that has ended gives nothing up", async () => {
  expect((await leave({ isTold: true, isClosed: true })).givenUp).toBeUndefined();
});
