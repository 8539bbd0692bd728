import { setImmediate as nextTurn } from "node:timers/promises";

import { expect, test } from "vitest";

import { ProviderSlots } from "./provider-slots.ts";

const RUNNING = new AbortController().signal;

/** Takes a place and says in a list that it has it. */
function take(slots: ProviderSlots, got: string[], name: string) {
  return slots.take(name.slice(0, 1), RUNNING).then((release) => {
    got.push(name);
    return release;
  });
}

test("a provider's second window waits for its first, and another provider's does not", async () => {
  const slots = new ProviderSlots([
    { id: "a", windows: 1 },
    { id: "b", windows: 1 },
  ]);
  const got: string[] = [];
  const release = await take(slots, got, "a1");
  const second = take(slots, got, "a2");
  const third = take(slots, got, "a3");
  await take(slots, got, "b1");
  await nextTurn();
  expect(got).toEqual(["a1", "b1"]);
  release();
  (await second)();
  await third;
  expect(got).toEqual(["a1", "b1", "a2", "a3"]);
});

test("a provider may have more windows at a time", async () => {
  const slots = new ProviderSlots([{ id: "a", windows: 2 }]);
  const got: string[] = [];
  await take(slots, got, "a1");
  await take(slots, got, "a2");
  void take(slots, got, "a3");
  await nextTurn();
  expect(got).toEqual(["a1", "a2"]);
});

test("an interrupt ends the wait", async () => {
  const slots = new ProviderSlots([{ id: "a", windows: 1 }]);
  await slots.take("a", RUNNING);
  const stop = new AbortController();
  const waiting = slots.take("a", stop.signal);
  stop.abort();
  await expect(waiting).resolves.toBeTypeOf("function");
});
