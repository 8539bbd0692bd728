import { describe, expect, it } from "vitest";

import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import { analyseQuality } from "../statistics/quality/analyse-quality.ts";
import { assessCandidates } from "./assess-candidates.ts";
import { DEFAULT_GATES } from "./gate-file.ts";
import { judgeCriteria, type LookAnalyses } from "./judge-criteria.ts";

const ones = Array<number>(20).fill(1);

/** Analyses that meet everything; each example changes one of them. */
const good: LookAnalyses = {
  cost: { ratio: 3, nullTests: [{ theta0: 2, t: 5, pGreater: 0.001, pLess: 0.999 }] },
  totalsRatio: 2.5,
  costEvidence: { logEGreater: [4], logELess: [-2], signLogE: [4], signLogELess: [-2] },
  quality: analyseQuality({ a: ones, b: ones, rootSeed: "42" }),
  errors: { status: "ok", diff: 0, miettinenNurminen90: [-0.01, 0.01] },
  latency: { ratio: 1, decisionRatioCi: [0.9, 1.2] },
  deterministicRegressions: 0,
};

describe("criteria", () => {
  it("are all met and confirmed by data that show it", () => {
    expect(judgeCriteria(good, DEFAULT_GATES)).toEqual({
      cost: { point: true, fixed: "confirmed", anytime: "confirmed", sign: "confirmed" },
      quality: { point: true, fixed: "confirmed", anytime: "confirmed" },
      errors: { point: true, fixed: "confirmed" },
      latency: { point: true, fixed: "confirmed" },
      deterministicRegressions: 0,
    });
  });

  it.each([
    ["a ratio of totals below the target", { totalsRatio: 1.9 }],
    ["a ratio below the target", { cost: { ...good.cost, ratio: 1.9 } }],
    ["a ratio that is not available", { cost: { ...good.cost, ratio: null } }],
  ])("do not meet cost with %s", (_, change) => {
    expect(judgeCriteria({ ...good, ...change }, DEFAULT_GATES).cost.point).toBe(false);
  });

  it("count thresholds in, with slack for rounding", () => {
    const atThreshold = judgeCriteria(
      {
        ...good,
        cost: { ...good.cost, ratio: 2 - 1e-13 },
        totalsRatio: 2,
        errors: { ...good.errors, diff: 0.02, miettinenNurminen90: [0, 0.02] },
        latency: { ratio: 1.3, decisionRatioCi: [1, 1.3] },
      },
      DEFAULT_GATES,
    );
    expect(atThreshold.cost.point).toBe(true);
    expect(atThreshold.errors).toEqual({ point: true, fixed: "confirmed" });
    expect(atThreshold.latency).toEqual({ point: true, fixed: "confirmed" });
  });

  it("contradict what the data speak against", () => {
    const bad = judgeCriteria(
      {
        ...good,
        cost: { ratio: 1, nullTests: [{ theta0: 2, t: -5, pGreater: 0.999, pLess: 0.001 }] },
        costEvidence: { logEGreater: [-2], logELess: [3], signLogE: [-2], signLogELess: [3] },
        quality: analyseQuality({ a: ones, b: ones.map((_, i) => (i % 3) / 10), rootSeed: "42" }),
        errors: { ...good.errors, diff: 0.1, miettinenNurminen90: [0.03, 0.2] },
        latency: { ratio: 2, decisionRatioCi: [1.4, 3] },
      },
      DEFAULT_GATES,
    );
    expect(bad.cost).toEqual({
      point: false,
      fixed: "contradicted",
      anytime: "contradicted",
      sign: "contradicted",
    });
    expect(bad.quality).toEqual({ point: false, fixed: "contradicted", anytime: "contradicted" });
    expect([bad.errors.fixed, bad.latency.fixed]).toEqual(["contradicted", "contradicted"]);
  });
});

function fixedOf(lower: number, upper: number) {
  const diff = (lower + upper) / 2;
  const errors = { ...good.errors, diff, miettinenNurminen90: [lower, upper] as const };
  return judgeCriteria({ ...good, errors }, DEFAULT_GATES).errors.fixed;
}

describe("the literal criteria", () => {
  it.each([
    { ratio: 2, totals: 2, point: true },
    { ratio: 2 - 1e-13, totals: 2 - 1e-13, point: true },
    { ratio: 1.999, totals: 2, point: false },
    { ratio: 2, totals: 1.999, point: false },
    { ratio: 2, totals: null, point: false },
  ])("on cost: ratio $ratio, of totals $totals is met: $point", ({ ratio, totals, point }) => {
    const analyses = { ...good, cost: { ...good.cost, ratio }, totalsRatio: totals };
    expect(judgeCriteria(analyses, DEFAULT_GATES).cost.point).toBe(point);
  });

  it.each([
    { diff: 0.02, point: true },
    { diff: 0.02 + 1e-13, point: true },
    { diff: 0.0201, point: false },
    { diff: -0.5, point: true },
    { diff: null, point: false },
  ])("on errors: $diff more is met: $point", ({ diff, point }) => {
    const errors = { ...good.errors, diff };
    expect(judgeCriteria({ ...good, errors }, DEFAULT_GATES).errors.point).toBe(point);
  });

  it("on errors, at a fixed number: the upper limit confirms, the lower one contradicts", () => {
    expect(fixedOf(-0.01, 0.02)).toBe("confirmed");
    expect(fixedOf(-0.01, 0.0201)).toBe("inconclusive");
    expect(fixedOf(0.02, 0.1)).toBe("inconclusive");
    expect(fixedOf(0.0201, 0.1)).toBe("contradicted");
  });

  it("take their thresholds from the gates", () => {
    const gates = { ...DEFAULT_GATES, cost_target: 4, error_margin: 0, latency_margin: 1 };
    const tested = { theta0: 4, t: 5, pGreater: 0.001, pLess: 0.999 };
    const analyses = {
      ...good,
      cost: { ratio: 3.9, nullTests: [...good.cost.nullTests, tested] },
      totalsRatio: 4,
      errors: { ...good.errors, diff: 0.001 },
      latency: { ratio: 1.01, decisionRatioCi: [0.9, 1.2] as const },
    };
    const { cost, errors, latency } = judgeCriteria(analyses, gates);
    expect([cost.point, errors.point, latency.point]).toEqual([false, false, false]);
    expect([cost.fixed, errors.fixed, latency.fixed]).toEqual([
      "confirmed",
      "inconclusive",
      "inconclusive",
    ]);
  });
});

describe("the criterion on latency", () => {
  it.each([
    { case: "a point within and a limit within", ratio: 1.3, ci: [1, 1.3], fixed: "confirmed" },
    { case: "a limit above", ratio: 1.2, ci: [1, 1.31], fixed: "inconclusive" },
    { case: "a point above its own interval", ratio: 1.31, ci: [1, 1.2], fixed: "inconclusive" },
    { case: "a point and both limits above", ratio: 1.4, ci: [1.31, 2], fixed: "contradicted" },
    { case: "a point below its own interval", ratio: 1.2, ci: [1.31, 2], fixed: "inconclusive" },
    { case: "a point above and a limit within", ratio: 1.4, ci: [1.3, 2], fixed: "inconclusive" },
    { case: "no point", ratio: null, ci: [1, 1.2], fixed: "inconclusive" },
  ] as const)("is $fixed with $case", ({ ratio, ci, fixed }) => {
    const latency = { ratio, decisionRatioCi: ci };
    const criteria = judgeCriteria({ ...good, latency }, DEFAULT_GATES);
    expect(criteria.latency).toEqual({ point: ratio !== null && ratio <= 1.3, fixed });
  });
});

describe("criteria in special cases", () => {
  it("read the test against the target among others", () => {
    const others = [
      { theta0: 1, t: 5, pGreater: 0.001, pLess: 0.999 },
      { theta0: 2, t: 0, pGreater: 0.5, pLess: 0.5 },
      { theta0: 3, t: -5, pGreater: 0.999, pLess: 0.001 },
    ];
    const analyses = { ...good, cost: { ratio: 2, nullTests: others } };
    expect(judgeCriteria(analyses, DEFAULT_GATES).cost.fixed).toBe("inconclusive");
  });

  it("on latency need an interval", () => {
    const latency = { ratio: 1, decisionRatioCi: null };
    const criteria = judgeCriteria({ ...good, latency }, DEFAULT_GATES);
    expect(criteria.latency).toEqual({ point: true, fixed: "inconclusive" });
  });

  it("take the adjusted p-value where several candidates compete", () => {
    const few = { ...good, costEvidence: { ...good.costEvidence, logEGreater: [Math.log(30)] } };
    expect(judgeCriteria(few, DEFAULT_GATES).cost.anytime).toBe("confirmed");
    expect(judgeCriteria({ ...few, adjustedCostP: 2 / 30 }, DEFAULT_GATES).cost.anytime).toBe(
      "inconclusive",
    );
  });

  it.each([
    [4, false],
    [5, true],
  ])("accept a lower quality of %i features without a significant drop: %s", (n, met) => {
    // The ratio is 0.4 to 0.5, yet ups and downs leave no significant drop.
    const a = [1, 0.1, 1, 0, 0.9].slice(0, n);
    const b = [0, 0.5, 0.2, 0.5, 0.1].slice(0, n);
    const quality = analyseQuality({ a, b, rootSeed: "42" });
    expect(quality.ratio).toBeLessThan(DEFAULT_GATES.quality_min);
    expect(judgeCriteria({ ...good, quality }, DEFAULT_GATES).quality.point).toBe(met);
  });

  it("are not met by what is not available", () => {
    const nothing = judgeCriteria(
      {
        cost: { ratio: null, nullTests: [] },
        totalsRatio: null,
        costEvidence: { logEGreater: [], logELess: [], signLogE: [], signLogELess: [] },
        quality: analyseQuality({ a: [], b: [], rootSeed: "42" }),
        errors: { status: "no_data", diff: null, miettinenNurminen90: [-1, 1] },
        latency: { ratio: null, decisionRatioCi: null },
        deterministicRegressions: 2,
      },
      DEFAULT_GATES,
    );
    expect(nothing).toEqual({
      cost: { point: false, fixed: "inconclusive", anytime: "inconclusive", sign: "inconclusive" },
      quality: { point: false, fixed: "inconclusive", anytime: "inconclusive" },
      errors: { point: false, fixed: "inconclusive" },
      latency: { point: false, fixed: "inconclusive" },
      deterministicRegressions: 2,
    });
  });
});

describe("a look", () => {
  it("takes its numbers from the analysis of a candidate", () => {
    const windows: readonly AnalysedWindow[] = Array.from({ length: 8 }, (_, index) =>
      (["base", "cand"] as const).map((provider, place) => ({
        feature: `f${index}`,
        replicate: 1,
        provider,
        period: index % 2 === 0 ? place + 1 : 2 - place,
        cost: place === 0 ? 900 + 10 * index : 300 - 5 * (index % 3),
        quality: 1,
        errors: 0,
        requests: 30,
        latenciesMs: Array.from({ length: 30 }, (__, request) => 100 + request),
      })),
    ).flat();
    const seen = { capped: false, deterministicRegressions: 0, fingerprint: "x" };
    const [assessed] = assessCandidates({
      baseline: "base",
      rootSeed: "1",
      gates: DEFAULT_GATES,
      candidates: [{ candidate: "cand", windows, ...seen }],
    });
    const look = assessed?.look;
    expect(look).toMatchObject({
      fingerprint: "x",
      windowsA: 8,
      windowsB: 8,
      capped: false,
      nPairs: 8,
      zeroVariance: false,
      qualityRatio: 1,
      criteria: { cost: { point: true, fixed: "confirmed", anytime: "confirmed" } },
    });
    expect(look?.power).toBeCloseTo(1, 9);
    expect(look?.ciWidth).toBeGreaterThan(0);
    expect(look?.ciWidth).toBeLessThan(0.3);
  });
});
