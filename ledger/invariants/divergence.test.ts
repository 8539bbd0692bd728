import { describe, expect, it } from "vitest";

import { DIVERGENCE_SHARE, diverges } from "./divergence.ts";

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
});
