import { expect, it } from "vitest";

import { adverseTail } from "./adverse-tail.ts";

it("bounds the adverse share at 22 % when none of 12 pairs was adverse", () => {
  const { adversePairs, shareUpper95 } = adverseTail(Array<number>(12).fill(0.7));
  expect(adversePairs).toBe(0);
  // With k = 0 the bound is 1 − 0.05^(1/12).
  expect(shareUpper95).toBeCloseTo(1 - Math.exp(Math.log(0.05) / 12), 12);
});

it("counts a pair without any saving as adverse", () => {
  expect(adverseTail([0, 0.1, -0.1]).adversePairs).toBe(2);
});

it("bounds the share by 1 when every pair was adverse and not at all without pairs", () => {
  expect(adverseTail([-1, -2])).toEqual({ n: 2, adversePairs: 2, shareUpper95: 1 });
  expect(adverseTail([]).shareUpper95).toBeNull();
});
