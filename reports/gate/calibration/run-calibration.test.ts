import { describe, expect, it } from "vitest";

import { calibrationCells, toRow } from "./run-calibration.ts";

const names = { scenario: "s", method: "m" };

describe("a calibration row", () => {
  it.each([
    [0.95, 0.002, true],
    [0.935, 0.002, true],
    [0.93, 0.002, false],
    [0.97, 0.002, false],
  ])("with a rate of %d ± %d is between 94 and 96 %%: %s", (rate, mcSe, holds) => {
    const expectation = { kind: "between", lower: 0.94, upper: 0.96 } as const;
    expect(toRow(names, { rate, mcSe, reps: 10_000 }, expectation).holds).toBe(holds);
  });

  it.each([
    [0.05, true],
    [0.056, true],
    [0.057, false],
  ])("with a rate of %d stays at 5 %% within chance: %s", (rate, holds) => {
    const expectation = { kind: "at_most", bound: 0.05 } as const;
    expect(toRow(names, { rate, mcSe: 0.002, reps: 10_000 }, expectation).holds).toBe(holds);
  });

  it("promises nothing if a rate is only shown", () => {
    expect(toRow(names, { rate: 1, mcSe: 0, reps: 1 }, { kind: "shown" }).holds).toBeNull();
  });
});

describe("the calibration", () => {
  it("keeps every promise and gives the same rows for the same seed", () => {
    const size = { rootSeed: "42", reps: 40 };
    const rows = calibrationCells().flatMap(({ run }) => run(size));
    expect(rows.filter(({ holds }) => holds === false)).toEqual([]);
    expect(rows.filter(({ holds }) => holds === true).length).toBeGreaterThan(15);
    expect(new Set(rows.map(({ scenario, method }) => `${scenario}: ${method}`)).size).toBe(
      rows.length,
    );
    const again = calibrationCells()
      .slice(0, 6)
      .flatMap(({ run }) => run(size));
    expect(again).toEqual(rows.slice(0, again.length));
  });
});
