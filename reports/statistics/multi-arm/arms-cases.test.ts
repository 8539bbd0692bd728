import { describe, expect, it } from "vitest";

import { analyseArms, type ArmWindow } from "./analyse-arms.ts";
import { invertSymmetric } from "./within-block-fit.ts";

/** Both windows of features; the baseline is first in every second one. */
function windowsOf(costs: readonly (readonly [number, number])[], replicate = 1): ArmWindow[] {
  return costs.flatMap(([a, b], index) => [
    { feature: `f${index}`, replicate, period: 1 + (index % 2), arm: "a", cost: a },
    { feature: `f${index}`, replicate, period: 2 - (index % 2), arm: "b", cost: b },
  ]);
}

const THREE: readonly (readonly [number, number])[] = [
  [80, 40],
  [90, 30],
  [50, 20],
];

describe("the status of several arms", () => {
  it("is ok from one degree of freedom on", () => {
    // Six windows less three features, one arm and one period.
    expect(analyseArms(windowsOf(THREE), "a")).toMatchObject({ status: "ok", df: 1 });
    expect(analyseArms(windowsOf(THREE.slice(0, 2)), "a").status).toBe("insufficient");
  });

  it("says that ratios do not vary, but for rounding", () => {
    const flat = windowsOf([
      [90, 30],
      [120, 40],
      [66, 22],
      [0.3, 0.1],
    ]);
    expect(analyseArms(flat, "a")).toMatchObject({ status: "zero_variance", residualSd: 0 });
  });

  it("is insufficient if arm and period are one and the same", () => {
    const windows = windowsOf(THREE).map((window) => ({
      ...window,
      period: window.arm === "a" ? 1 : 2,
    }));
    expect(analyseArms(windows, "a")).toMatchObject({ status: "insufficient", contrasts: [] });
  });

  it("is no data without a candidate", () => {
    const own = windowsOf(THREE).filter(({ arm }) => arm === "a");
    expect(analyseArms(own, "a").status).toBe("no_data");
  });

  it("takes the rounds of a feature as blocks of their own", () => {
    const dear = THREE.map(([a, b]) => [9 * a, 9 * b] as const);
    const windows = [...windowsOf(THREE), ...windowsOf(dear, 2)];
    // Twelve windows less six blocks, one arm and one period.
    expect(analyseArms(windows, "a").df).toBe(4);
  });

  it("names an impossible window", () => {
    const [first, second] = windowsOf(THREE);
    if (first === undefined || second === undefined) throw new Error("There are no windows.");
    expect(analyseArms([first, first], "a").problem).toBe(
      'Window 2, feature "f0", arm "a": expected each arm once per feature and replicate, got it again.',
    );
    expect(analyseArms([first, { ...second, cost: Infinity }], "a").problem).toBe(
      'Window 2, feature "f0", arm "b": expected a positive finite cost, got Infinity.',
    );
  });
});

describe("a matrix that is singular to rounding", () => {
  it("may be 0 throughout: columns that are constant within their blocks", () => {
    expect(
      invertSymmetric([
        [0, 0],
        [0, 0],
      ]),
    ).toBeNull();
  });

  it.each([
    [1, 1e-13],
    [1e6, 1e-5],
  ])("of size %d has no inverse", (size, rest) => {
    expect(
      invertSymmetric([
        [size, size],
        [size, size + rest],
      ]),
    ).toBeNull();
  });
});
