import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { StatisticsDomainError } from "../numerics/domain-error.ts";
import { checkBalance, drawAssignment, drawPermutedBlocks } from "./draw-assignment.ts";
import { drawWilliamsAssignment, williamsRows } from "./draw-williams.ts";
import { drawRunOrder } from "./run-order.ts";
import { openStream, shuffle } from "./stream.ts";

// The same draws on every run.
fc.configureGlobal({ seed: 42 });

const features = fc.uniqueArray(
  fc.record({ feature: fc.string({ minLength: 1 }), stratum: fc.constantFrom("large", "small") }),
  { minLength: 1, maxLength: 30, selector: ({ feature }) => feature },
);

function sorted(list: readonly (number | undefined)[]): readonly string[] {
  return list.map(String).toSorted();
}

describe("the assignment", () => {
  it("keeps every stratum within half a block and gives each pair one sequence", () => {
    const sizes = fc.record({
      replicates: fc.integer({ min: 1, max: 3 }),
      blockSize: fc.constantFrom(2, 4, 6),
    });
    fc.assert(
      fc.property(features, sizes, fc.string(), (given, { replicates, blockSize }, rootSeed) => {
        const units = drawAssignment({ rootSeed, features: given, replicates, blockSize });
        expect(units).toHaveLength(given.length * replicates);
        expect(checkBalance(units, blockSize).every(({ isWithinBound }) => isWithinBound)).toBe(
          true,
        );
      }),
    );
  });

  it("does not depend on the order in which features are listed", () => {
    fc.assert(
      fc.property(features, (given) => {
        const direct = drawAssignment({ rootSeed: "42", features: given });
        expect(drawAssignment({ rootSeed: "42", features: given.toReversed() })).toEqual(direct);
      }),
    );
  });

  it("does not change when a feature is added to another stratum", () => {
    const small = ["f2", "f4", "f5"].map((feature) => ({ feature, stratum: "small" }));
    const more = [...small, { feature: "f1", stratum: "large" }];
    const kept = drawAssignment({ rootSeed: "42", features: more }).filter(
      ({ stratum }) => stratum === "small",
    );
    expect(kept).toEqual(drawAssignment({ rootSeed: "42", features: small }));
  });

  it("sorts the units of a stratum by feature, then replicate", () => {
    const given = ["b", "a"].map((feature) => ({ feature, stratum: "all" }));
    const units = drawAssignment({ rootSeed: "42", features: given, replicates: 2 });
    expect(units.map(({ feature, replicate, block }) => [feature, replicate, block])).toEqual([
      ["a", 1, 1],
      ["a", 2, 1],
      ["b", 1, 2],
      ["b", 2, 2],
    ]);
  });
});

describe("the assignment of a later cohort", () => {
  it("is drawn from streams of its own", () => {
    const given = Array.from({ length: 12 }, (_, index) => ({
      feature: `f${index}`,
      stratum: "all",
    }));
    const ids = given.map(({ feature }) => feature);
    const sequences = (cohort: number) =>
      drawAssignment({ rootSeed: "42", features: given, cohort }).map(({ sequence }) => sequence);
    const rng = openStream("42", "assign|all|2");
    expect(sequences(2)).toEqual(drawPermutedBlocks({ count: 12, blockSize: 2 }, rng));
    expect(sequences(2)).not.toEqual(sequences(1));
    expect(drawRunOrder({ rootSeed: "42", features: ids, cohort: 3 })).toEqual(
      shuffle(ids.toSorted(), openStream("42", "order|3")),
    );
  });
});

describe("permuted blocks", () => {
  it.each([0, 1, 3, -2, 2.5, Number.NaN])("refuse a block size of %s", (blockSize) => {
    expect(() => drawPermutedBlocks({ count: 4, blockSize }, () => 0)).toThrow(
      StatisticsDomainError,
    );
  });
});

describe("the shuffle", () => {
  it("keeps every value", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { nil: undefined })), (values) => {
        expect(sorted(shuffle(values, openStream("42", "order")))).toEqual(sorted(values));
      }),
    );
  });
});

describe("the Williams design", () => {
  it.each([2, 3, 4, 5, 6])("for %i arms balances periods and neighbours", (arms) => {
    const rows = williamsRows(arms);
    const places = rows.flatMap((row) => row.map((arm, period) => `${arm} in ${period}`));
    const neighbours = rows.flatMap((row) =>
      row.slice(1).map((arm, index) => `${row[index]} then ${arm}`),
    );
    for (const list of [places, neighbours]) {
      const counts = new Set(
        [...Map.groupBy(list, (one) => one).values()].map((own) => own.length),
      );
      expect(counts.size).toBe(1);
    }
    expect(new Set(neighbours).size).toBe(arms * (arms - 1));
  });

  it("uses its rows equally often over all strata and gives every matched set all providers", () => {
    const providers = ["claude", "glm", "local"];
    const given = Array.from({ length: 13 }, (_, index) => ({
      feature: `f${index}`,
      stratum: index % 3 === 0 ? "large" : "small",
    }));
    const units = drawWilliamsAssignment({
      rootSeed: "42",
      providers,
      features: given,
      replicates: 2,
    });
    const uses = [...Map.groupBy(units, ({ row }) => row).values()].map((own) => own.length);
    expect(units).toHaveLength(26);
    expect(Math.max(...uses) - Math.min(...uses)).toBeLessThanOrEqual(1);
    for (const { sequence } of units) expect(sequence.toSorted()).toEqual(providers);
  });

  it("refuses a single arm", () => {
    expect(() => williamsRows(1)).toThrow("at least two arms");
  });
});
