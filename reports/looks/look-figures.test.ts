import { describe, expect, it } from "vitest";

import {
  analyseCandidate,
  type CandidateInput,
} from "../statistics/candidate/analyse-candidate.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import { figuresOf, finite } from "./figures-of-look.ts";
import { LookFigures } from "./look-figures.ts";

interface Shape {
  readonly count: number;
  readonly replicates?: number;
  readonly quality?: (index: number) => readonly [number, number];
  readonly requests?: number | null;
}

/** Windows of pairs in both orders. */
function windowsOf({ count, replicates = 1, quality, requests = 10 }: Shape): AnalysedWindow[] {
  return Array.from({ length: count * replicates }, (_, index) =>
    (["base", "cand"] as const).map((provider, arm) => ({
      feature: `f${index % count}`,
      replicate: 1 + Math.floor(index / count),
      provider,
      period: (index + (index >= count ? 1 : 0)) % 2 === 0 ? arm + 1 : 2 - arm,
      cost: arm === 0 ? 900 + 237 * (index % 5) : 300 + 123 * (index % 4),
      quality: quality?.(index)[arm] ?? (arm === 0 ? 1 - (index % 2) / 4 : 0.7 + (index % 3) / 10),
      errors: requests === null ? null : arm * (index % 4) + (index % 6 === 0 ? 4 : 0),
      requests,
      latenciesMs:
        requests === null
          ? null
          : Array.from({ length: 10 }, (__, r) => 100 + 7 * r + arm * (20 + 5 * index) + index),
    })),
  ).flat();
}

function analyse(shape: Shape, changes: Pick<CandidateInput, "costCap" | "repositories"> = {}) {
  const windows = windowsOf(shape);
  return analyseCandidate({
    windows,
    baseline: "base",
    candidate: "cand",
    rootSeed: "42",
    ...changes,
  });
}

const REPOSITORIES = new Map(
  windowsOf({ count: 12 }).map(({ feature }, index) => [feature, `repository-${index % 3}`]),
);
const full = analyse({ count: 12 }, { costCap: 2000, repositories: REPOSITORIES });
const { cost, quality, errors, latency, power, projection, projectionConservative } = full;
const { crossover, rounds, evidenceAgainst1, evidenceAgainstTarget } = cost;
const { final } = evidenceAgainstTarget;
const first = crossover?.firstPeriodOnly;

/** The figure of each name, from the analysis itself. */
const EXPECTED = {
  pairsAB: 6,
  pairsBA: 6,
  missingPeriod1: 0,
  missingPeriod2: 0,
  costRatio: rounds.ratio,
  costRatioCi95: [rounds.ratioCi95Lower, rounds.ratioCi95Upper],
  costRatioCs95: [final?.ratioCs95Lower, final?.ratioCs95Upper],
  totalsRatio: cost.unadjusted.totalsRatio,
  totalsRatioCi95: [cost.unadjusted.totalsCi95Lower, cost.unadjusted.totalsCi95Upper],
  adversePairs: 0,
  adverseShareUpper95: cost.adverse.shareUpper95,
  orderEffect: Math.exp(rounds.period ?? 0),
  orderEffectP: rounds.periodEffect.pTwoSided,
  carryover: crossover?.carryover?.estimate,
  carryoverP: crossover?.carryover?.pTwoSided,
  carryoverDetectable: cost.carryoverDetectable,
  carryoverWithin: null,
  carryoverWithinP: null,
  firstPeriodRatio: Math.exp(first?.estimate ?? 0),
  firstPeriodRatioCi95: [Math.exp(first?.ci95Lower ?? 0), Math.exp(first?.ci95Upper ?? 0)],
  logE1: evidenceAgainst1.logEGreater[11],
  logETarget: evidenceAgainstTarget.logEGreater[11],
  logESign: evidenceAgainstTarget.signLogE[11],
  logETotals: cost.totalsEvidence?.logE,
  repositoryCorrelation: full.repositoryCorrelation,
  qualityRatio: quality.ratio,
  qualityRatioCi95: [quality.fieller95?.lower, quality.fieller95?.upper],
  qualityKeptP: quality.contrastTPeriodAdjusted?.pGreater,
  qualityKeptSignFlipP: quality.contrastSignFlip?.pGreater,
  qualityDropP: quality.dropTPeriodAdjusted?.pLess,
  qualityDropSignFlipP: quality.dropSignFlip?.pLess,
  logEQuality: quality.betting.logENonInferior[11],
  errorDifference: errors.diff,
  errorDifferenceCi95: errors.newcombe95,
  errorDesignEffectA: errors.raoScottA?.deff,
  errorDesignEffectB: errors.raoScottB?.deff,
  errorDifferenceCi90: errors.miettinenNurminen90,
  latencyRatio: latency.ratio,
  latencyRatioCi90: latency.decisionRatioCi,
  power: power.power,
  powerConservative: power.powerConservative,
  allocationP: full.allocation.p,
  allocationLogE: full.allocation.logE,
  extraForMinPairs: projection?.extraForMinPairs,
  extraForCiWidth: projection?.extraForCiWidth,
  extraForPower: projection?.extraForPower,
  extraForEvidence: projection?.extraForEvidence,
  extraForQuality: full.extraForQuality,
  extraForTotals: cost.totalsEvidence?.extra,
  extraWindows: projection?.extraWindows,
  extraWindowsConservative: projectionConservative?.extraWindows,
};

describe("the figures of a look", () => {
  it("are those of the analysis, by name", () => {
    expect(figuresOf(full)).toEqual(EXPECTED);
  });

  it("leave nothing out that the data give", () => {
    const missing = Object.entries(figuresOf(full)).filter(([, value]) => value === null);
    expect(missing.map(([name]) => name)).toEqual(["carryoverWithin", "carryoverWithinP"]);
  });
});

describe("the figures of other data", () => {
  it("of replicates have carry-over within features instead", () => {
    const analysis = analyse({ count: 6, replicates: 2 });
    expect(figuresOf(analysis)).toMatchObject({
      carryover: null,
      carryoverP: null,
      carryoverWithin: analysis.cost.carryoverWithin?.estimate,
      carryoverWithinP: analysis.cost.carryoverWithin?.pTwoSided,
      firstPeriodRatio: null,
      firstPeriodRatioCi95: null,
    });
    expect(figuresOf(analysis)["carryoverWithinP"]).not.toBeNull();
  });

  it("of no data are null but for the counts", () => {
    const known = Object.entries(figuresOf(analyse({ count: 0 }))).filter(
      ([, value]) => value !== null,
    );
    expect(known).toEqual([
      ["pairsAB", 0],
      ["pairsBA", 0],
      ["missingPeriod1", 0],
      ["missingPeriod2", 0],
      ["adversePairs", 0],
      ["allocationP", 1],
      ["allocationLogE", 0],
    ]);
  });

  it("count pairs that lack a window by its period", () => {
    const windows = windowsOf({ count: 6 }).filter(
      ({ feature, period }) =>
        !(feature < "f2" && period === 1) && !(feature === "f5" && period === 2),
    );
    const given = { windows, baseline: "base", candidate: "cand", rootSeed: "42" };
    expect(figuresOf(analyseCandidate(given))).toMatchObject({
      pairsAB: 2,
      pairsBA: 1,
      missingPeriod1: 2,
      missingPeriod2: 1,
    });
  });

  it("of two pairs have the ratio without an interval", () => {
    const figures = figuresOf(analyse({ count: 2 }));
    // The pairs cost 900 and 300, and 1137 and 423: the geometric mean of their ratios.
    expect(figures["costRatio"]).toBeCloseTo(Math.sqrt((900 / 300) * (1137 / 423)), 12);
    expect(figures).toMatchObject({ costRatioCi95: null, costRatioCs95: null });
  });
});

describe("the figures of pairs in one order", () => {
  it("have p-values that are not adjusted for period", () => {
    const windows = windowsOf({ count: 6 }).map((window) => ({
      ...window,
      period: window.provider === "base" ? 1 : 2,
    }));
    const analysis = analyseCandidate({
      windows,
      baseline: "base",
      candidate: "cand",
      rootSeed: "1",
    });
    const figures = figuresOf(analysis);
    expect(figures["qualityKeptP"]).toBe(analysis.quality.contrastT?.pGreater);
    expect(figures["qualityDropP"]).toBe(analysis.quality.dropT?.pLess);
    expect(figures["qualityDropP"]).not.toBeUndefined();
  });
});

describe("the figures of wild data", () => {
  it("show no interval that is not bounded, and none of rates without requests", () => {
    const wild = analyse({
      count: 4,
      quality: (index) => (index % 2 === 0 ? [0.01, 1] : [0.3, 0]),
      requests: null,
    });
    expect(wild.quality.fieller95?.type).not.toBe("bounded");
    expect(figuresOf(wild)).toMatchObject({
      qualityRatioCi95: null,
      errorDifference: null,
      errorDifferenceCi95: null,
      errorDifferenceCi90: null,
      errorDesignEffectA: null,
      latencyRatio: null,
      latencyRatioCi90: null,
    });
  });
});

describe("figures on record", () => {
  it("that are missing, or no numbers, are null", () => {
    const { costRatio, costRatioCi95, errorDifferenceCi95 } = LookFigures.parse({
      costRatioCi95: [1, null],
      errorDifferenceCi95: "wide",
    });
    expect([costRatio, costRatioCi95, errorDifferenceCi95]).toEqual([null, [1, null], null]);
  });

  it("keep those of a later version", () => {
    expect(LookFigures.parse({ later: "x" })).toMatchObject({ later: "x" });
  });
});

it.each([
  [0, 0],
  [Infinity, null],
  [Number.NaN, null],
  [null, null],
  [undefined, null],
])("takes %s as the figure %s", (value, figure) => {
  expect(finite(value)).toBe(figure);
});
