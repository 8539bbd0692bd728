import { expect, test } from "vitest";

import { durationText, meterText } from "./window-texts.ts";

test.each([
  [850, "850 ms"],
  [12_345, "12.3 s"],
  [59_940, "59.9 s"],
  [59_960, "1 min 0 s"],
  [119_600, "2 min 0 s"],
  [245_000, "4 min 5 s"],
])("%d milliseconds are %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test.each([
  [21_519, "21,519"],
  [45.5, "45.5"],
])("a meter that shows %d is written as %s", (value, text) => {
  expect(meterText(value)).toBe(text);
});
