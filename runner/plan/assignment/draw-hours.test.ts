import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { openStream } from "../../../reports/statistics/randomisation/stream.ts";
import { drawHours } from "./draw-sets.ts";

// The same draws on every run.
fc.configureGlobal({ seed: 42 });

function input(ids: readonly string[], replicates = 1) {
  const features = ids.map((feature) => ({ feature, stratum: "small" }));
  return { rootSeed: "42", features, replicates, cohort: 1 };
}

function hoursOf(drawn: ReturnType<typeof drawHours>, stratum: ReadonlySet<string>) {
  const own = drawn.filter(({ feature }) => stratum.has(feature)).map(({ hours }) => hours);
  const peak = own.filter((hours) => hours === "peak").length;
  return { peak, offPeak: own.length - peak };
}

describe("the draw of hours", () => {
  it("gives each set one kind, half and half within its stratum to within one", () => {
    const features = fc.uniqueArray(
      fc.record({ feature: fc.string(), stratum: fc.constantFrom("large", "small") }),
      { selector: ({ feature }) => feature, maxLength: 30 },
    );
    fc.assert(
      fc.property(features, fc.integer({ min: 1, max: 3 }), fc.string(), (given, n, rootSeed) => {
        const drawn = drawHours({ rootSeed, features: given, replicates: n, cohort: 1 });
        const sets = drawn.map(({ feature, replicate }) => JSON.stringify([feature, replicate]));
        expect(new Set(sets).size).toBe(given.length * n);
        for (const stratum of ["large", "small"]) {
          const own = given.filter((one) => one.stratum === stratum);
          const { peak, offPeak } = hoursOf(drawn, new Set(own.map(({ feature }) => feature)));
          expect(peak + offPeak).toBe(own.length * n);
          expect(Math.abs(peak - offPeak)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it("spreads two replicates of a feature over both kinds", () => {
    const drawn = drawHours(input(["a", "b", "c"], 2));
    for (const id of ["a", "b", "c"]) {
      expect(hoursOf(drawn, new Set([id]))).toEqual({ peak: 1, offPeak: 1 });
    }
  });

  it("takes one number a block from the stream that the rest of the stratum names", () => {
    const rng = openStream("42", "peak|small");
    // A block begins as peak, off-peak; a number below a half swaps the two.
    const expected = [rng(), rng(), rng()].flatMap((uniform) =>
      uniform < 0.5 ? ["off-peak", "peak"] : ["peak", "off-peak"],
    );
    const drawn = drawHours(input(["a", "b", "c", "d", "e", "f"]));
    expect(drawn.map(({ hours }) => hours)).toEqual(expected);
  });

  it("of tasks added later comes from a stream of their own", () => {
    const ids = Array.from({ length: 20 }, (_, index) => `f${String(index + 10)}`);
    const first = drawHours(input(ids)).map(({ hours }) => hours);
    const later = drawHours({ ...input(ids), cohort: 2 }).map(({ hours }) => hours);
    expect(later).not.toEqual(first);
  });
});
