import { expect, test } from "vitest";

import { geometricMean } from "./geometric-mean.ts";

test("the geometric mean of 1 and 100 is 10", () => {
  expect(geometricMean([1, 100])).toBeCloseTo(10);
});

test.each([[[]], [[0, 100]]])("costs %j have no geometric mean", (costs) => {
  expect(geometricMean(costs)).toBeNull();
});
