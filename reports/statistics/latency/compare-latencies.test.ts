import { describe, expect, it } from "vitest";

import { typeSevenQuantile } from "../core/quantile.ts";
import { openStream } from "../randomisation/stream.ts";
import { mismatches, readOracle } from "../test-support/compare.ts";
import {
  acceleratedInterval,
  bootstrapFeatures,
  expandedPercentileInterval,
  expandedTail,
  percentileInterval,
} from "./bootstrap.ts";
import { compareLatencies } from "./compare-latencies.ts";
import {
  logQuantileRatio,
  poolValues,
  weightedQuantile,
  type FeatureLatencies,
} from "./weighted-quantile.ts";

interface Oracle {
  readonly cases: readonly {
    readonly label: string;
    readonly quantile: number;
    readonly level: number;
    readonly features: readonly FeatureLatencies[];
    readonly bootstrapIndicesZeroBased: readonly (readonly number[])[];
    readonly expected: Readonly<Record<string, unknown>>;
  }[];
}

const { cases }: Oracle = readOracle("07-latency-bootstrap.json");

function exponentials(limits: readonly [number, number] | null | undefined) {
  return limits?.map((limit) => Math.exp(limit));
}

/** Deals uniforms that draw the given features, a row for each replicate. */
function dealIndices(rows: readonly (readonly number[])[]): (count: number) => Float64Array {
  const all = rows.values();
  return (count) => Float64Array.from(all.next().value ?? [], (index) => (index + 0.5) / count);
}

/** The statistic without each feature in turn. */
function jackknifeOf(features: readonly FeatureLatencies[], quantile: number): readonly number[] {
  return features.flatMap((_, left) => {
    const others = features.toSpliced(left, 1);
    const statistic = logQuantileRatio(others, quantile);
    return statistic(new Int32Array(others.length).fill(1)) ?? [];
  });
}

function exponentialLatencies(features: number, requests: number): readonly FeatureLatencies[] {
  const rng = openStream("test", "latencies");
  const draw = () => Array.from({ length: requests }, () => -1000 * Math.log(1 - rng()));
  return Array.from({ length: features }, () => ({ a: draw(), b: draw() }));
}

describe("the comparison of latencies", () => {
  it.each(cases)("agrees with R: $label", (oracleCase) => {
    const { features, quantile, level, bootstrapIndicesZeroBased, expected } = oracleCase;
    const statistic = logQuantileRatio(features, quantile);
    const replicates = bootstrapFeatures(
      statistic,
      { features: features.length, replicates: bootstrapIndicesZeroBased.length },
      dealIndices(bootstrapIndicesZeroBased),
    );
    const shown = compareLatencies({ features, rootSeed: "42", replicates: 19 });
    const jackknife = jackknifeOf(features, quantile);
    const percentileLogCi = percentileInterval(replicates, level);
    const m = features.length;
    const expandedPercentileLogCi = expandedPercentileInterval(replicates, { features: m, level });
    const bca = acceleratedInterval(
      { estimate: shown.logRatio ?? 0, replicates, jackknife },
      level,
    );
    const actual = {
      ...shown,
      replicates,
      percentileLogCi,
      percentileRatioCi: exponentials(percentileLogCi),
      expandedTail: expandedTail(m, level),
      expandedPercentileLogCi,
      expandedPercentileRatioCi: exponentials(expandedPercentileLogCi),
      bca: { ...bca, logCi: bca?.interval, ratioCi: exponentials(bca?.interval) },
      jackknife,
    };
    expect(mismatches(actual, expected)).toEqual([]);
  });
});

describe("the interval of the ratio of latencies", () => {
  it.each([
    [4, 0.003_289_553_279_124_890_5],
    [6, 0.013_643_939_327_894_705],
    [8, 0.021_413_680_917_346_356],
    [20, 0.038_027_205_853_879_92],
  ])("expands the tails of %i features to %f", (features, tail) => {
    expect(mismatches({ tail: expandedTail(features, 0.9) }, { tail })).toEqual([]);
  });

  it("is the expanded one at 90 %, of 1,999 replicates from its own stream", () => {
    const features = exponentialLatencies(6, 20);
    const rng = openStream("42", "bootstrap|latency_p95");
    const replicates = bootstrapFeatures(
      logQuantileRatio(features, 0.95),
      { features: 6, replicates: 1999 },
      (count) => new Float64Array(count).map(rng),
    );
    const { decisionRatioCi, percentileRatioCi } = compareLatencies({ features, rootSeed: "42" });
    const expanded = expandedPercentileInterval(replicates, { features: 6, level: 0.9 });
    expect(decisionRatioCi).toEqual(exponentials(expanded));
    expect(percentileRatioCi).toEqual(exponentials(percentileInterval(replicates, 0.9)));
  });

  it.each([4, 7, 8, 20])("has one estimand with %i features: its interval holds the point", (m) => {
    const features = exponentialLatencies(m, 20);
    const { ratio, decisionRatioCi, decisionMethod, percentileRatioCi } = compareLatencies({
      features,
      rootSeed: "42",
      replicates: 199,
    });
    expect(decisionMethod).toBe("bootstrap");
    expect(decisionRatioCi?.[0]).toBeLessThan(ratio ?? 0);
    expect(decisionRatioCi?.[1]).toBeGreaterThan(ratio ?? Infinity);
    expect(decisionRatioCi?.[0]).toBeLessThan(percentileRatioCi?.[0] ?? 0);
    expect(decisionRatioCi?.[1]).toBeGreaterThan(percentileRatioCi?.[1] ?? Infinity);
  });

  it.each([
    [3, 20, "insufficient"],
    [4, 20, "ok"],
    [4, 5, "ok"],
    [4, 4, "insufficient"],
  ])("of %i features with %i requests each is %s", (features, requests, status) => {
    const shown = compareLatencies({
      features: exponentialLatencies(features, requests),
      rootSeed: "42",
      replicates: 19,
    });
    expect(shown.status).toBe(status);
    expect(shown.ratio === null).toBe(status === "insufficient");
    expect(shown.p95A).not.toBeNull();
  });
});

describe("the ratio of latencies", () => {
  it("gives the same interval for the same seed and another for another", () => {
    const features = exponentialLatencies(9, 20);
    const limits = (rootSeed: string) =>
      compareLatencies({ features, rootSeed, replicates: 199 }).percentileRatioCi;
    expect(limits("1")).toEqual(limits("1"));
    expect(limits("1")).not.toEqual(limits("2"));
  });

  it.each([
    ["no features", [], "no_data"],
    ["a feature without requests on one arm", [{ a: [1], b: [] }], "no_data"],
    ["fewer than 20 requests on an arm", exponentialLatencies(9, 2), "insufficient"],
    [
      "latencies of 0 throughout",
      [{ a: Array<number>(20).fill(0), b: Array<number>(20).fill(0) }],
      "insufficient",
    ],
    ["a negative latency", [{ a: [-1], b: [1] }], "invalid_input"],
    ["a latency of NaN", [{ a: [Number.NaN], b: [1] }], "invalid_input"],
  ] as const)("has an answer for %s", (_, features, status) => {
    const result = compareLatencies({ features, rootSeed: "42", replicates: 19 });
    expect(result).toMatchObject({ status, ratio: null, decisionRatioCi: null });
  });
});

describe("the weighted quantile", () => {
  it("equals the type-7 quantile of the values written out", () => {
    const rng = openStream("test", "weights");
    for (let round = 0; round < 200; round += 1) {
      const groups = Array.from({ length: 4 }, () =>
        Array.from({ length: 1 + Math.floor(rng() * 6) }, () => Math.floor(rng() * 8)),
      );
      const weights = Int32Array.from(groups, () => Math.floor(rng() * 3));
      const p = rng();
      const written = groups.flatMap((group, index) =>
        Array<number[]>(weights[index] ?? 0)
          .fill(group)
          .flat(),
      );
      const expected = typeSevenQuantile(written, p);
      expect(
        mismatches({ q: weightedQuantile(poolValues(groups), p, weights) }, { q: expected }),
      ).toEqual([]);
    }
  });
});
