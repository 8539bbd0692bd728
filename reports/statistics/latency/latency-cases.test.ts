import { describe, expect, it } from "vitest";

import { openStream } from "../randomisation/stream.ts";
import {
  acceleratedInterval,
  bootstrapFeatures,
  expandedPercentileInterval,
  percentileInterval,
} from "./bootstrap.ts";
import { compareLatencies } from "./compare-latencies.ts";
import {
  type FeatureLatencies,
  logQuantileRatio,
  logRatioOf,
  poolValues,
  weightedQuantile,
} from "./weighted-quantile.ts";

const NINE = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Requests of one arm, from `first` ms on; 0: all take no time. */
function requests(count: number, first: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => (first === 0 ? 0 : first + index));
}

function featuresOf(firsts: readonly (readonly [number, number])[]): readonly FeatureLatencies[] {
  return firsts.map(([a, b]) => ({ a: requests(10, a), b: requests(10, b) }));
}

const USUAL = featuresOf([
  [100, 120],
  [90, 130],
  [110, 105],
  [95, 140],
  [130, 150],
]);

function compare(features: readonly FeatureLatencies[], replicates = 99) {
  return compareLatencies({ features, rootSeed: "42", replicates });
}

describe("a bootstrap", () => {
  it("leaves out replicates without a value", () => {
    const draws = [0, 0, 1, 1, 0, 1];
    const values = bootstrapFeatures(
      (weights) => (weights[0] === 0 ? null : (weights[0] ?? 0)),
      { features: 2, replicates: 3 },
      () => Float64Array.from(draws.splice(0, 2), (feature) => feature / 2),
    );
    expect(values).toEqual([2, 1]);
  });

  it("has limits from two features and one replicate on", () => {
    expect(expandedPercentileInterval(NINE, { features: 1, level: 0.8 })).toBeNull();
    expect(expandedPercentileInterval(NINE, { features: 2, level: 0.8 })).toEqual([1, 9]);
    expect(percentileInterval([], 0.8)).toBeNull();
    expect(percentileInterval([7], 0.8)).toEqual([7, 7]);
    // The rank after the last one at the level of 1.
    expect(percentileInterval([9, 7, 8], 1)).toEqual([7, 9]);
  });

  it("has no limit beyond its replicates", () => {
    expect(percentileInterval(NINE, 0.99)).toEqual([1, 9]);
    // (9 + 1) · 0.9 = 9 is the last one itself.
    expect(percentileInterval(NINE, 0.8)).toEqual([1, 9]);
  });

  it("has no accelerated interval if all replicates are on one side", () => {
    const given = { replicates: [1, 2, 3], jackknife: [1, 2, 4] };
    expect(acceleratedInterval({ ...given, estimate: 1 }, 0.9)).toBeNull();
    expect(acceleratedInterval({ ...given, estimate: 4 }, 0.9)).toBeNull();
    const flat = acceleratedInterval({ ...given, estimate: 2, jackknife: [2, 2, 2] }, 0.9);
    expect(flat?.acceleration).toBe(0);
  });
});

describe("the log ratio of two quantiles", () => {
  it.each([
    [2, 8, Math.log(4)],
    [0, 8, null],
    [2, 0, null],
    [0, 0, null],
    [null, 8, null],
    [2, null, null],
    [null, null, null],
  ])("of %s and %s is %s", (a, b, expected) => {
    const found = logRatioOf(a, b);
    expect(found === null ? null : found.toFixed(12)).toBe(
      expected === null ? null : expected.toFixed(12),
    );
  });
});

describe("the comparison of latencies", () => {
  it("draws from a stream of its own", () => {
    const rng = openStream("42", "bootstrap|latency_p95");
    const replicates = bootstrapFeatures(
      logQuantileRatio(USUAL, 0.95),
      { features: 5, replicates: 99 },
      (count) => new Float64Array(count).map(rng),
    );
    const limits = expandedPercentileInterval(replicates, { features: 5, level: 0.9 });
    const expected = limits?.map((limit) => Math.exp(limit));
    expect(compare(USUAL)).toMatchObject({ status: "ok", decisionRatioCi: expected });
  });

  it("leaves out features without requests on an arm", () => {
    const more = [...USUAL, { a: [], b: requests(10, 900) }, { a: requests(10, 900), b: [] }];
    expect(compare(more)).toEqual(compare(USUAL));
  });

  it("needs four features, and 20 requests on each arm", () => {
    const fewOfB = USUAL.map(({ a, b }) => ({ a, b: b.slice(0, 3) }));
    const fewOfA = USUAL.map(({ a, b }) => ({ a: a.slice(0, 3), b }));
    const enough = USUAL.map(({ a, b }) => ({ a: a.slice(0, 4), b }));
    expect(compare(fewOfB)).toMatchObject({ status: "insufficient", ratio: null });
    expect(compare(fewOfA)).toMatchObject({ status: "insufficient", ratio: null });
    expect(compare(enough).status).toBe("ok");
    expect(compare(USUAL.slice(0, 4)).status).toBe("ok");
    expect(compare(USUAL.slice(0, 3))).toMatchObject({ status: "insufficient", ratio: null });
  });

  it("has no ratio to requests that took no time", () => {
    const instant = USUAL.map(({ b }) => ({ a: requests(10, 0), b }));
    expect(compare(instant)).toMatchObject({ status: "insufficient", p95A: 0, ratio: null });
  });
});

describe("latencies of no time", () => {
  it("give no interval if a replicate has no ratio", () => {
    const half = featuresOf([
      [0, 120],
      [0, 130],
      [110, 105],
      [95, 140],
    ]);
    // A replicate of the first two features alone is drawn in 1 of 16.
    const found = compare(half);
    expect(found).toMatchObject({ status: "insufficient", decisionRatioCi: null });
    expect(found.ratio).not.toBeNull();
    expect(found.perFeatureLogRatios).toHaveLength(2);
    expect(found.perFeatureT?.df).toBe(1);
  });

  it("give no typical feature without two that have a ratio", () => {
    const none = featuresOf([
      [0, 120],
      [0, 130],
      [110, 0],
      [95, 0],
    ]);
    expect(compare(none)).toMatchObject({ perFeatureLogRatios: [], perFeatureT: null });
    const one = [...none, ...featuresOf([[100, 200]])];
    expect(compare(one).perFeatureLogRatios).toHaveLength(1);
    expect(compare(one).perFeatureT).toBeNull();
  });

  it.each([Infinity, -1, Number.NaN])("refuses a latency of %s ms", (latency) => {
    const wrong = [...USUAL, { a: [latency], b: [1] }];
    expect(compare(wrong)).toMatchObject({
      status: "invalid_input",
      problem: `Feature 6: expected latencies of 0 ms or more, got ${latency}.`,
      features: null,
    });
  });
});

it.each([0, 0.5, 1])("a pool whose features all have weight 0 has no quantile at %s", (p) => {
  expect(weightedQuantile(poolValues([[3, 5], [7]]), p, Int32Array.of(0, 0))).toBeNull();
});
