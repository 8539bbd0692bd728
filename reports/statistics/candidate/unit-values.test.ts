import { describe, expect, it } from "vitest";

import type { FeaturePairs, WindowPair } from "./match-pairs.ts";
import {
  carryoverWithin,
  errorsByUnit,
  latenciesByUnit,
  logRatiosByUnit,
  qualityByUnit,
} from "./unit-values.ts";
import type { AnalysedWindow } from "./window.ts";

type Change = Partial<AnalysedWindow>;

const BLANK: AnalysedWindow = {
  feature: "f",
  replicate: 1,
  provider: "p",
  period: 1,
  cost: 1,
  quality: null,
  errors: null,
  requests: null,
  latenciesMs: null,
};

function pair(a: Change, b: Change, sequence: "AB" | "BA" = "AB"): WindowPair {
  return { sequence, a: { ...BLANK, ...a }, b: { ...BLANK, ...b } };
}

function feature(...pairs: readonly WindowPair[]): FeaturePairs {
  return { feature: "f", family: undefined, pairs };
}

/** A pair in which the candidate is this many times cheaper. */
function cheaper(times: number, sequence: "AB" | "BA"): WindowPair {
  return pair({ cost: times }, { cost: 1 }, sequence);
}

/** A feature in both sequences, whose costs in AB have this product, and those in BA 1. */
function inBoth(total: number): FeaturePairs {
  return feature(cheaper(total, "AB"), cheaper(1, "BA"));
}

describe("quality by unit", () => {
  const scored = pair({ quality: 0.5 }, { quality: 1 });
  const other = pair({ quality: 0.25 }, { quality: 0 }, "BA");

  it("is the mean of the features' means", () => {
    // The first feature has means of 0.375 and 0.5 and one pair each way, the second one pair AB.
    const unit = [feature(scored, other), feature(scored)];
    expect(qualityByUnit([unit])).toEqual({ a: [0.4375], b: [0.75], z: [0.5] });
  });

  it.each([
    ["baseline", pair({}, { quality: 1 })],
    ["candidate", pair({ quality: 1 }, {})],
  ])("leaves out features with a pair that has no score of the %s", (_, half) => {
    const unit = [feature(scored, half), feature(other)];
    expect(qualityByUnit([unit])).toEqual({ a: [0.25], b: [0], z: [-1] });
  });

  it("leaves out units without a scored feature", () => {
    expect(qualityByUnit([[feature(pair({}, {}))], [feature(scored)]]).a).toEqual([0.5]);
  });
});

describe("errors by unit", () => {
  const counted = pair({ errors: 1, requests: 10 }, { errors: 2, requests: 20 });

  it("are added up over the pairs of all features", () => {
    expect(errorsByUnit([[feature(counted, counted), feature(counted)]])).toEqual({
      a: [{ errors: 3, requests: 30 }],
      b: [{ errors: 6, requests: 60 }],
    });
  });

  it.each([
    ["errors of the baseline", pair({ requests: 10 }, { errors: 2, requests: 20 })],
    ["requests of the baseline", pair({ errors: 1 }, { errors: 2, requests: 20 })],
    ["errors of the candidate", pair({ errors: 1, requests: 10 }, { requests: 20 })],
    ["requests of the candidate", pair({ errors: 1, requests: 10 }, { errors: 2 })],
  ])("leave out features with a pair without %s", (_, half) => {
    const unit = [feature(counted, half), feature(counted)];
    expect(errorsByUnit([unit])).toEqual({
      a: [{ errors: 1, requests: 10 }],
      b: [{ errors: 2, requests: 20 }],
    });
  });

  it("leave out units without a counted feature", () => {
    expect(errorsByUnit([[feature(pair({}, {}))], [feature(counted)]]).a).toEqual([
      { errors: 1, requests: 10 },
    ]);
  });
});

describe("latencies by unit", () => {
  it("are pooled, and a window without any adds none", () => {
    const unit = [
      feature(pair({ latenciesMs: [10, 20] }, {}), pair({}, { latenciesMs: [5] })),
      feature(pair({ latenciesMs: [30] }, { latenciesMs: [7] })),
    ];
    expect(latenciesByUnit([unit])).toEqual([{ a: [10, 20, 30], b: [5, 7] }]);
  });
});

describe("log ratios by unit", () => {
  it("are means of features' means, with the mean of their signs", () => {
    const units = [
      [feature(cheaper(4, "AB"), cheaper(1, "BA")), feature(cheaper(8, "AB"))],
      [feature(cheaper(2, "BA"))],
    ];
    const { d, z } = logRatiosByUnit(units);
    // (ln 4 + ln 1) / 2 = ln 2 and ln 8 have the mean 2 · ln 2.
    expect(d[0]).toBeCloseTo(2 * Math.LN2, 12);
    expect(d[1]).toBeCloseTo(Math.LN2, 12);
    expect(z).toEqual([0.5, -1]);
  });
});

describe("carry-over within units", () => {
  it("has no spread with one unit in both sequences", () => {
    expect(carryoverWithin([[inBoth(2)], [feature(pair({ cost: 9 }, { cost: 3 }))]])).toBeNull();
  });

  it("is the mean of what AB's totals exceed BA's by", () => {
    // ln 2 and ln 8: the mean is ln 4, the standard error half their distance, which is ln 2.
    const found = carryoverWithin([[inBoth(2)], [inBoth(8)]]);
    expect(found).toMatchObject({ n: 2, df: 1 });
    expect(found?.estimate).toBeCloseTo(Math.log(4), 12);
    expect(found?.se).toBeCloseTo(Math.LN2, 12);
    expect(found?.t).toBeCloseTo(2, 12);
  });
});
