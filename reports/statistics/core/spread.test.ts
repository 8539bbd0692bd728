import { expect, it } from "vitest";

import { sampleSpread, zeroIfNoise, zeroIfNoiseOf } from "./spread.ts";

it.each([
  // At most 1e-12 of the largest value is noise.
  [1e-12, [1], 0],
  [1.1e-12, [1], 1.1e-12],
  [1e-10, [5, -1e3], 0],
  [1e-10, [1], 1e-10],
  [1e-14, [1e-3], 1e-14],
  [0, [], 0],
])("a spread of %s of the values %j counts as %s", (sd, values, expected) => {
  expect(zeroIfNoise(sd, values)).toBe(expected);
});

it("noise is relative to the largest value that a caller knows", () => {
  expect([zeroIfNoiseOf(1e-9, 1e4), zeroIfNoiseOf(1e-9, 1e-4)]).toEqual([0, 1e-9]);
});

it.each([
  [[], null],
  [[7], null],
  [[7, 7], 0],
  [[1, 3], Math.SQRT2],
])("the values %j have the spread %s", (values, expected) => {
  expect(sampleSpread(values)).toBe(expected);
});
