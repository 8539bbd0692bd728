import { describe, expect, it } from "vitest";

import { powerGreater } from "../power/power.ts";
import { openStream } from "../randomisation/stream.ts";
import { mismatches } from "../test-support/compare.ts";
import { analyseCandidate } from "./analyse-candidate.ts";
import type { AnalysedWindow } from "./window.ts";

const empty = { quality: null, errors: null, requests: null, latenciesMs: null };

function pairOf(
  feature: string,
  costs: readonly [number, number],
  order: "AB" | "BA" = "AB",
): readonly AnalysedWindow[] {
  const [a, b] = costs;
  const own = { ...empty, feature, replicate: 1 };
  return [
    { ...own, provider: "base", period: order === "AB" ? 1 : 2, cost: a },
    { ...own, provider: "cand", period: order === "AB" ? 2 : 1, cost: b },
  ];
}

const names = { baseline: "base", candidate: "cand", rootSeed: "42" };

/** Windows of `count` features, one pair each, about three times cheaper under the candidate. */
function manyWindows(count: number, requests: number): readonly AnalysedWindow[] {
  const rng = openStream("test", "windows");
  return Array.from({ length: count }, (_, index) =>
    pairOf(
      `f${index}`,
      [3000 * (1 + rng()), 1000 * (1 + rng())],
      index % 2 === 0 ? "AB" : "BA",
    ).map((window) => ({
      ...window,
      quality: Math.round(rng() * 10) / 10,
      errors: rng() < 0.1 ? 1 : 0,
      requests,
      latenciesMs: Array.from({ length: requests }, () => -1000 * Math.log(1 - rng())),
    })),
  ).flat();
}

describe("the analysis of a candidate", () => {
  it("joins all statistics over the same pairs", () => {
    const analysis = analyseCandidate({ ...names, windows: manyWindows(12, 20) });
    expect(analysis).toMatchObject({
      problem: null,
      features: 12,
      pairs: 12,
      pairsAB: 6,
      prefixFeatures: 12,
    });
    expect(analysis.cost.rounds.status).toBe("ok");
    expect(mismatches(analysis.cost.crossover, { ratio: analysis.cost.rounds.ratio })).toEqual([]);
    expect(analysis.cost.evidenceAgainstTarget.final?.tau).toBeCloseTo(
      analysis.cost.rounds.estimate ?? 0,
      9,
    );
    expect(analysis.quality.n).toBe(12);
    expect(analysis.errors.raoScottA?.n).toBe(240);
    expect(analysis.latency.decisionMethod).toBe("bootstrap");
    expect(analysis.power.power).toBeGreaterThan(0);
    expect(analysis.projection?.extraForMinPairs).toBe(0);
    expect(analysis.allocation.pBinomialExact).toBeCloseTo(1, 9);
  });

  it("averages replicates within a feature and has no plain cross-over then", () => {
    const first = manyWindows(6, 2);
    const second = first.map((window) => ({ ...window, replicate: 2, period: 3 - window.period }));
    const analysis = analyseCandidate({ ...names, windows: [...first, ...second] });
    expect(analysis).toMatchObject({ features: 6, pairs: 12 });
    expect(analysis.cost.crossover).toBeNull();
    expect(analysis.cost.rounds).toMatchObject({ features: 6, df: 5, period: null });
  });

  it("counts incomplete pairs by the period that is missing and leaves them out", () => {
    const windows = [
      ...pairOf("f1", [3, 1]),
      ...pairOf("f2", [3, 1]).slice(0, 1),
      ...pairOf("f3", [3, 1]).slice(1),
    ];
    expect(analyseCandidate({ ...names, windows })).toMatchObject({
      features: 1,
      incompletePairs: 2,
      missingPeriod1: 1,
      missingPeriod2: 1,
    });
  });
});

describe("evidence at every look", () => {
  it("stops before the first feature of the schedule that may still change", () => {
    const windows = manyWindows(6, 2);
    const schedule = ["f5", "f4", "f3", "f2", "f1", "f0"];
    const analysis = analyseCandidate({ ...names, windows, schedule, unresolved: ["f2"] });
    expect(analysis).toMatchObject({ features: 6, prefixFeatures: 3 });
    expect(analysis.cost.evidenceAgainst1.logEGreater).toHaveLength(3);
    const without = analyseCandidate({ ...names, windows: windows.slice(6), schedule });
    expect(analysis.cost.evidenceAgainst1).toEqual(without.cost.evidenceAgainst1);
  });

  it("does not depend on the order of completion", () => {
    const windows = manyWindows(6, 2);
    const schedule = ["f0", "f1", "f2", "f3", "f4", "f5"];
    const direct = analyseCandidate({ ...names, windows, schedule });
    const reversed = analyseCandidate({ ...names, windows: windows.toReversed(), schedule });
    expect(reversed.cost.evidenceAgainst1).toEqual(direct.cost.evidenceAgainst1);
  });
});

describe("families", () => {
  const windows = manyWindows(6, 2);
  const inTwos = new Map(Array.from({ length: 6 }, (_, index) => [`f${index}`, `g${index >> 1}`]));

  it("are the unit of inference, with the means of their features' means", () => {
    const analysis = analyseCandidate({ ...names, windows, families: inTwos });
    expect(analysis).toMatchObject({ features: 6, families: 3, pairs: 6, prefixFeatures: 3 });
    const alone = analyseCandidate({ ...names, windows });
    expect(alone.families).toBeNull();
    const [first = 0, second = 0] = alone.cost.rounds.dBar;
    expect(analysis.cost.rounds.dBar[0]).toBeCloseTo((first + second) / 2, 12);
    expect(analysis.cost.rounds).toMatchObject({ features: 6, zBar: [0, 0, 0], df: 2 });
    expect(analysis.cost.crossover).toBeNull();
    expect(analysis.quality.n).toBe(3);
    expect(analysis.errors.raoScottA).toMatchObject({ clusters: 3, n: 12 });
    expect(analysis.latency.features).toBe(3);
    expect(analysis.cost.adverse.n).toBe(3);
  });

  it("enter evidence when all their planned pairs are resolved, in that order", () => {
    const schedule = ["f0", "f2", "f1", "f4", "f3", "f5"];
    const take = (resolved: number) => {
      const seen = schedule.slice(0, resolved);
      return analyseCandidate({
        ...names,
        windows: windows.filter(({ feature }) => seen.includes(feature)),
        schedule,
        unresolved: schedule.slice(resolved),
        families: inTwos,
      });
    };
    expect([0, 1, 2, 3, 4, 5, 6].map((resolved) => take(resolved).prefixFeatures)).toEqual([
      0, 0, 0, 1, 1, 2, 3,
    ]);
    expect(take(4).quality.betting.logENonInferior).toHaveLength(1);
    const all = take(6).cost.evidenceAgainst1;
    expect(take(5).cost.evidenceAgainst1.signLogE).toEqual(all.signLogE.slice(0, 2));
  });

  it("and a feature of the same name are two", () => {
    const families = new Map([["f0", "f1"]]);
    expect(analyseCandidate({ ...names, windows, families }).families).toBe(6);
  });
});

/** Five features in both orders, whose candidate costs another amount if it comes second. */
const inBothOrders = (carried: number) =>
  Array.from({ length: 5 }, (_, index) =>
    (["AB", "BA"] as const).flatMap((order, round) =>
      pairOf(`f${index}`, [300 + index, order === "AB" ? carried + index : 100], order).map(
        (window) => ({ ...window, replicate: round + 1 }),
      ),
    ),
  ).flat();

describe("carry-over", () => {
  it("is tested within features that replicates give both sequences", () => {
    const { carryoverWithin } = analyseCandidate({ ...names, windows: inBothOrders(60) }).cost;
    expect(carryoverWithin).toMatchObject({ n: 5, df: 4 });
    expect(carryoverWithin?.pTwoSided).toBeLessThan(0.01);
    expect(carryoverWithin?.estimate).toBeCloseTo(Math.log(0.62), 1);
    const none = analyseCandidate({ ...names, windows: inBothOrders(98) }).cost.carryoverWithin;
    expect(none?.pTwoSided).toBeGreaterThan(0.01);
  });

  it("can't be tested within features of one sequence, and says what it would have seen", () => {
    const { cost } = analyseCandidate({ ...names, windows: manyWindows(12, 2) });
    expect(cost.carryoverWithin).toBeNull();
    const { sd = 0, df = 0 } = cost.crossover?.carryover ?? {};
    // Six features in each order: the difference of their means has the variance of one in three.
    const plan = { sd, df, nEff: 3, alpha: 0.025, delta: Math.log(cost.carryoverDetectable ?? 1) };
    expect(powerGreater(plan)).toBeCloseTo(0.8, 12);
    const more = analyseCandidate({ ...names, windows: manyWindows(40, 2) }).cost;
    expect(more.carryoverDetectable).toBeLessThan(cost.carryoverDetectable ?? 0);
  });
});

describe("the whole analysis", () => {
  it(
    "analyses 10,000 windows of 20 requests with 1,999 bootstrap replicates",
    { timeout: 300_000 },
    () => {
      const analysis = analyseCandidate({ ...names, windows: manyWindows(5000, 20) });
      expect(analysis.latency).toMatchObject({ status: "ok", requestsA: 100_000 });
      expect(analysis.cost.evidenceAgainst1.logEGreater).toHaveLength(5000);
    },
  );
});

describe("bad windows", () => {
  const [good] = pairOf("f1", [3, 1]);

  it.each([
    ["a cost of 0", { cost: 0 }, "positive finite cost"],
    ["a cost of NaN", { cost: Number.NaN }, "positive finite cost"],
    ["an infinite cost", { cost: Infinity }, "positive finite cost"],
    ["a quality above 1", { quality: 1.2 }, "quality between 0 and 1"],
    ["more errors than requests", { errors: 3, requests: 2 }, "got 3 of 2"],
    ["a negative count", { requests: -1 }, "count of requests"],
    ["a latency of NaN", { latenciesMs: [1, Number.NaN] }, "0 ms or more"],
    ["a period of 0", { period: 0 }, "period from 1"],
  ])("with %s are refused by name", (_, change, message) => {
    const windows = [
      { ...empty, feature: "f9", replicate: 2, provider: "cand", period: 1, cost: 1, ...change },
    ];
    const { problem, features } = analyseCandidate({ ...names, windows });
    expect(problem).toContain('Feature "f9", replicate 2, provider "cand"');
    expect(problem).toContain(message);
    expect(features).toBe(0);
  });

  it("that come twice are refused by name", () => {
    const windows = [good, good].flatMap((window) => window ?? []);
    const { problem } = analyseCandidate({ ...names, windows });
    expect(problem).toContain('Feature "f1", replicate 1, provider "base"');
  });

  it("of no provider in question leave everything empty and nothing NaN", () => {
    const analysis = analyseCandidate({ ...names, windows: [] });
    expect(analysis).toMatchObject({ problem: null, pairs: 0, projection: null });
    expect(analysis.cost.rounds.status).toBe("no_data");
    expect(analysis.quality).toMatchObject({ status: "no_data", n: 0, ratio: null });
    expect(analysis.errors).toMatchObject({ status: "no_data", miettinenNurminen90: [-1, 1] });
    expect(analysis.latency.status).toBe("no_data");
    expect(JSON.stringify(analysis)).not.toContain("NaN");
  });
});
