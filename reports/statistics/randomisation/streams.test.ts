import { describe, expect, it } from "vitest";

import { checkBalance, drawAssignment, drawPermutedBlocks } from "./draw-assignment.ts";
import { drawWilliamsAssignment, williamsRows } from "./draw-williams.ts";
import { openStream, shuffle } from "./stream.ts";

const FEATURES = ["f1", "f2", "f3", "f4"].map((feature) => ({ feature, stratum: "all" }));
const PROVIDERS = ["p", "q", "r", "s"];

describe("a Williams design", () => {
  it.each([1, 2])("draws labels and rows from streams of their own: cohort %i", (cohort) => {
    const end = cohort === 1 ? "" : `|${cohort}`;
    const labels = shuffle(PROVIDERS, openStream("42", `williams|labels${end}`));
    const rows = shuffle([0, 1, 2, 3], openStream("42", `williams|rows${end}`));
    const drawn = drawWilliamsAssignment({
      rootSeed: "42",
      providers: PROVIDERS,
      features: FEATURES,
      cohort,
    });
    expect(drawn.map(({ row }) => row)).toEqual(rows);
    const design = williamsRows(4);
    expect(drawn.map(({ sequence }) => sequence)).toEqual(
      rows.map((row) => design[row]?.map((arm) => labels[arm])),
    );
  });
});

describe("the balance of an assignment", () => {
  const pairs = [
    { stratum: "b", sequence: "AB" as const },
    { stratum: "b", sequence: "AB" as const },
    { stratum: "b", sequence: "AB" as const },
    { stratum: "a", sequence: "BA" as const },
  ];

  it("is counted by stratum, in order, and may be off by half a block", () => {
    expect(checkBalance(pairs, 2)).toEqual([
      { stratum: "a", nAB: 0, nBA: 1, imbalance: 1, isWithinBound: true },
      { stratum: "b", nAB: 3, nBA: 0, imbalance: 3, isWithinBound: false },
    ]);
    expect(checkBalance(pairs, 6).map(({ isWithinBound }) => isWithinBound)).toEqual([true, true]);
  });

  it.each([0, 1, 3, -2, 2.5])("needs an even block: %d", (blockSize) => {
    expect(() => drawPermutedBlocks({ count: 4, blockSize }, () => 0.5)).toThrow(
      `Expected an even block size of at least 2, got ${blockSize}.`,
    );
  });
});

it("assigns the replicates of a feature in order, however they are listed", () => {
  const drawn = drawAssignment({
    rootSeed: "42",
    features: [{ feature: "f1", stratum: "all", replicates: [3, 1, 2] }],
    replicates: 3,
  });
  expect(drawn.map(({ replicate }) => replicate)).toEqual([1, 2, 3]);
});
