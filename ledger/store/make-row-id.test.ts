import { expect, it } from "vitest";

import { epochMsOf } from "../domain/timestamp.ts";
import { rowIdMaker } from "./make-row-id.ts";

const START_MS = epochMsOf("2026-11-21T00:00:00.000Z");
const IDS = 1_000;

it("makes ids that sort as they were made, within a millisecond and after the clock jumped back", () => {
  let calls = 0;
  const makeId = rowIdMaker({
    nowMs: () => {
      calls += 1;
      return calls <= IDS / 2 ? START_MS : START_MS - 60_000;
    },
    monotonicMs: () => 0,
  });
  const ids = Array.from({ length: IDS }, makeId);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(IDS);
});

it("makes other ids in another process at the same moment", () => {
  const clock = { nowMs: () => START_MS, monotonicMs: () => 0 };
  expect(rowIdMaker(clock)()).not.toBe(rowIdMaker(clock)());
});
