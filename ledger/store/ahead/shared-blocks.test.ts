import { expect, it } from "vitest";

import { BlockRing, makeSharedBlocks } from "./shared-blocks.ts";

it("a thread that has gone is not waited for, and takes nothing more", () => {
  const blocks = makeSharedBlocks();
  const [filling, reading] = [new BlockRing(blocks), new BlockRing(blocks)];
  expect(filling.nextFree()).toBeDefined();
  filling.handOver();
  expect(reading.nextReady(0)).toBeDefined();
  filling.stop();
  reading.giveBack();
  expect(reading.nextReady(Number.POSITIVE_INFINITY)).toBeUndefined();
  expect(filling.nextFree()).toBeUndefined();
  expect([filling.isStopped, reading.isStopped]).toEqual([true, true]);
});
