import { describe, expect, it } from "vitest";

import { differenceShare, DIVERGENCE_SHARE, diverges } from "./divergence.ts";

describe("two counts of the same tokens", () => {
  it.each([
    [100, 90, false],
    [100, 89, true],
    [90, 100, false],
    [89, 100, true],
    [0, 0, false],
    [0, 1, true],
  ])("of %d and %d diverge: %s", (counted, reported, expected) => {
    expect(diverges({ counted, reported }, DIVERGENCE_SHARE)).toBe(expected);
  });

  it("diverge by the share that is asked for", () => {
    expect(diverges({ counted: 100, reported: 80 }, 0.2)).toBe(false);
    expect(diverges({ counted: 100, reported: 79 }, 0.2)).toBe(true);
  });

  it.each([
    [1000, 1105, 105 / 1105],
    [1105, 1000, -105 / 1105],
    [0, 5, 1],
    [0, 0, 0],
  ])("of %d and %d differ by a share of the larger", (counted, reported, expected) => {
    expect(differenceShare({ counted, reported })).toBe(expected);
  });
});
