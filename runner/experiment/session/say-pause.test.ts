import { expect, it } from "vitest";

import { sayPause } from "./say-pause.ts";

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;

it.each([
  [1, "1 s"],
  [63_001, "64 s"],
  [120 * SECOND_MS, "120 s"],
  [121 * SECOND_MS, "3 min"],
  [HOUR_MS - 1, "1 h"],
  [5 * HOUR_MS - 3 * SECOND_MS, "5 h"],
  [5 * HOUR_MS + 1, "5 h 1 min"],
  [24 * HOUR_MS, "1 d"],
  [147 * HOUR_MS - 1, "6 d 3 h"],
])("says a pause of %d ms as %s", (ms, said) => {
  expect(sayPause(ms)).toBe(said);
});
