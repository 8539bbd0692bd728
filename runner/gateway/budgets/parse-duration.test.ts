import { expect, test } from "vitest";

import { readDuration, sayDuration } from "./parse-budget.ts";

test.each([
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["5h", 18_000_000],
  [" 1.5 H ", 5_400_000],
  ["1.125h", 4_050_000],
  ["7d", 604_800_000],
  ["1w", 604_800_000],
])("%j is read", (text, ms) => {
  expect(readDuration(text)).toBe(ms);
});

test.each(["5", "", "-5h", "0h", "0.5s", "5 parsecs", "367d", "1e3h", "5h5m"])(
  "%j is no time",
  (text) => {
    expect(readDuration(text)).toBeNull();
  },
);

test.each(["45s", "90m", "5h", "7d"])("%j is said as it was written", (text) => {
  expect(sayDuration(readDuration(text) ?? 0)).toBe(text);
});
