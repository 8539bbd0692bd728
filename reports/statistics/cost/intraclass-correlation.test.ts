import { describe, expect, it } from "vitest";

import { intraclassCorrelation } from "./intraclass-correlation.ts";

describe("the intraclass correlation", () => {
  // By variance components from uncorrected sums of squares, in Python.
  it.each([
    [
      [
        [1, 2],
        [4, 5],
        [8, 9],
      ],
      0.960_264_900_662_251_7,
    ],
    [
      [
        [0.1, 0.4, 0.3],
        [0.9, 1.2],
        [0.5, 0.2, 0.7, 0.6],
      ],
      0.751_136_207_134_003_9,
    ],
  ])("of %j", (groups, expected) => {
    expect(intraclassCorrelation(groups)).toBeCloseTo(expected, 12);
  });

  it("is 0 if groups differ less than their members do", () => {
    expect(
      intraclassCorrelation([
        [1, 5],
        [2, 4],
        [0, 6],
      ]),
    ).toBe(0);
  });

  it("is 1 if the members of a group are equal", () => {
    expect(
      intraclassCorrelation([
        [1, 1],
        [2, 2, 2],
      ]),
    ).toBe(1);
  });

  it.each([
    [[]],
    [[[1, 2]]],
    [[[1], [2], [3]]],
    [
      [
        [1, 1],
        [1, 1],
      ],
    ],
    [[[1, 2], []]],
  ])("is not known for %j", (groups) => {
    expect(intraclassCorrelation(groups)).toBeNull();
  });
});
