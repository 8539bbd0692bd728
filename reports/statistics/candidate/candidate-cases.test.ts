import { describe, expect, it } from "vitest";

import { costEProcess } from "../anytime/cost-e-process.ts";
import { contrastsOf } from "../core/contrast.ts";
import { detectableEffect, powerGreater } from "../power/power.ts";
import { DEFAULT_PROJECTION, projectPairs } from "../power/projection.ts";
import { signFlipTest } from "../quality/sign-flip-test.ts";
import { openStream } from "../randomisation/stream.ts";
import { ANALYSIS_STREAMS, analyseCandidate } from "./analyse-candidate.ts";

type Sequence = "AB" | "BA";

const names = { baseline: "base", candidate: "cand", rootSeed: "42" };
const empty = { quality: null, errors: null, requests: null, latenciesMs: null };

type Scores = readonly [number | null, number | null];

const UNSCORED: Scores = [null, null];

/** One pair of a feature, in which the baseline costs `ratio` times as much; and both arms' scores. */
function pair(place: readonly [feature: string, Sequence], ratio: number, scores = UNSCORED) {
  const [feature, sequence] = place;
  const periods = sequence === "AB" ? [1, 2] : [2, 1];
  const own = { ...empty, feature, replicate: 1 };
  const [first = 1, second = 2] = periods;
  return [
    { ...own, provider: "base", period: first, cost: ratio, quality: scores[0] },
    { ...own, provider: "cand", period: second, cost: 1, quality: scores[1] },
  ];
}

/** One pair for each feature with these scores, in sequences that repeat. */
function scoredPairs(scores: readonly Scores[], sequences: readonly Sequence[]) {
  return scores.flatMap((own, index) =>
    pair([`f${index}`, sequences[index % sequences.length] ?? "AB"], 2 + index, own),
  );
}

/** Four features whose fit has the estimate 1.1 and the standard deviation 0.5 on 2 degrees of freedom. */
const FOUR = ([1, -1] as const).flatMap((side) =>
  (["AB", "BA"] as const).flatMap((sequence) =>
    pair([`${sequence}${side}`, sequence], Math.exp(1.1 + side * Math.sqrt(1 / 8))),
  ),
);

describe("the arms", () => {
  it("are described by the windows of complete pairs, their quality where it is known", () => {
    const windows = [
      ...pair(["f1", "AB"], 3, [0.5, 1]),
      ...pair(["f2", "BA"], 5, [null, 0.5]),
      ...pair(["f3", "AB"], 99).slice(0, 1),
    ];
    const { arms } = analyseCandidate({ ...names, windows });
    expect(arms.a.cost).toMatchObject({ n: 2, mean: 4, min: 3, max: 5 });
    expect(arms.a.quality).toMatchObject({ n: 1, mean: 0.5 });
    expect(arms.b.cost).toMatchObject({ n: 2, mean: 1 });
    expect(arms.b.quality).toMatchObject({ n: 2, mean: 0.75 });
  });
});

describe("the tested ratios", () => {
  it.each([
    [2, [1, 2]],
    [3, [1, 2, 3]],
  ])("are 1, 2 and the target of %s", (costTarget, thetas) => {
    const { rounds, crossover, unadjusted } = analyseCandidate({
      ...names,
      windows: FOUR,
      options: { costTarget },
    }).cost;
    for (const { nullTests = [] } of [rounds, unadjusted, crossover ?? {}]) {
      expect(nullTests.map(({ theta0 }) => theta0)).toEqual(thetas);
    }
  });
});

describe("the projection", () => {
  it("projects estimate, spread and sequences, once as they are and once cautiously", () => {
    const { projection, projectionConservative } = analyseCandidate({ ...names, windows: FOUR });
    // The example of `projectPairs`: 42 pairs.
    expect(projection).toMatchObject({ extraPairs: 42, extraWindows: 84 });
    // The 20 % quantile of chi-square on 2 degrees of freedom is −2 · ln 0.8.
    const sdDiff = 0.5 / Math.sqrt(-Math.log(0.8));
    expect(projectionConservative).toEqual(projectPairs({ tau: 1.1, sdDiff, nAB: 2, nBA: 2 }));
    expect(projectionConservative?.extraForPower).toBeGreaterThan(projection?.extraForPower ?? 0);
  });

  it("runs against the thresholds of the options", () => {
    const { projection } = analyseCandidate({
      ...names,
      windows: FOUR,
      options: { minPairs: 9, costTarget: 1.5, priorPrecision: 3, alpha: 0.01, ciWidthMax: 0.6 },
    });
    const thresholds = { minPairs: 9, ratioTarget: 1.5, evidenceNull: 1.5, g: 3, alpha: 0.01 };
    const config = { ...DEFAULT_PROJECTION, ...thresholds, ciWidthMax: 0.6 };
    expect(projection).toEqual(projectPairs({ tau: 1.1, sdDiff: 0.5, nAB: 2, nBA: 2 }, config));
    expect(projection?.extraForMinPairs).toBe(5);
  });

  it("takes sequences as they are if they are unequal", () => {
    const more = pair(["more", "AB"], Math.exp(1.1));
    const { cost, projection } = analyseCandidate({ ...names, windows: [...FOUR, ...more] });
    const sdDiff = cost.rounds.sd ?? 0;
    // The same four residuals on one more degree of freedom.
    expect(sdDiff).toBeCloseTo(Math.sqrt(0.5 / 3), 12);
    expect(projection).toEqual(projectPairs({ tau: 1.1, sdDiff, nAB: 3, nBA: 2 }));
  });

  it("counts a feature in both sequences half in each", () => {
    // Each of three features has both sequences: three pairs do, and a balanced design continues.
    const windows = [3, 4, 5].flatMap((ratio, index) =>
      (["AB", "BA"] as const).flatMap((sequence, replicate) =>
        pair([`f${index}`, sequence], ratio).map((own) => ({ ...own, replicate })),
      ),
    );
    const { cost, projection } = analyseCandidate({ ...names, windows });
    expect(cost.rounds).toMatchObject({ zBar: [0, 0, 0], nEff: 3 });
    const { estimate, sd } = cost.rounds;
    const start = { tau: estimate ?? 0, sdDiff: sd ?? 0, nAB: 1.5, nBA: 1.5 };
    expect(projection).toEqual(projectPairs(start));
    expect(projection?.extraForMinPairs).toBe(0);
  });
});

describe("carry-over that would have been found", () => {
  it("depends on both sequences' numbers", () => {
    const windows = [3, 5, 4, 9].flatMap((ratio, index) => pair([`ab${index}`, "AB"], ratio));
    const others = [2, 6].flatMap((ratio, index) => pair([`ba${index}`, "BA"], ratio));
    const { cost } = analyseCandidate({ ...names, windows: [...windows, ...others] });
    const { sd = 0 } = cost.crossover?.carryover ?? {};
    // Four and two: 1 / (1/4 + 1/2) = 4/3, on 4 degrees of freedom.
    const effect = detectableEffect({ sd, nEff: 4 / 3, df: 4, alpha: 0.025 }, 0.8);
    expect(cost.carryoverDetectable).toBeCloseTo(Math.exp(effect ?? 0), 9);
  });

  it("is unknown if totals do not vary", () => {
    // A costs 4 in every feature, B costs 1: the totals are all ln 4.
    const windows = (["AB", "BA", "AB", "BA"] as const).flatMap((sequence, index) =>
      pair([`f${index}`, sequence], 4),
    );
    const { crossover, carryoverDetectable } = analyseCandidate({ ...names, windows }).cost;
    expect(crossover?.carryover?.sd).toBe(0);
    expect(carryoverDetectable).toBeNull();
  });
});

describe("features until quality is confirmed", () => {
  it("are those of the bets at the options", () => {
    const ten = scoredPairs(
      Array.from({ length: 10 }, () => [1, 1] as const),
      ["AB", "BA"],
    );
    // The example of `featuresToConfirm`: ten contrasts of 0.2.
    expect(analyseCandidate({ ...names, windows: ten }).extraForQuality).toBe(8);
    // A single stake doubles the wealth with each contrast of 0.5: 2⁷ is the first above 100.
    const options = { qualityMin: 0.5, bettingGrid: 1, alpha: 0.01 };
    const two = analyseCandidate({ ...names, windows: ten.slice(0, 4), options });
    expect(two.extraForQuality).toBe(5);
    // Evidence of exactly 1 / alpha is enough: 2² for 0.25.
    const exact = { ...options, alpha: 0.25 };
    const one = analyseCandidate({ ...names, windows: ten.slice(0, 2), options: exact });
    expect(one.extraForQuality).toBe(1);
    expect(two.quality.betting.logENonInferior[1]).toBeCloseTo(Math.log(4), 12);
  });
});

describe("the power of quality", () => {
  it("is that of the plain mean while only one sequence is there", () => {
    const windows = scoredPairs(
      [0.8, 0.9, 1].map((b) => [1, b] as const),
      ["AB"],
    );
    const { power } = analyseCandidate({ ...names, windows });
    // The contrasts 0, 0.1 and 0.2 have the standard deviation 0.1; the margin is 0.2 · 1.
    const plan = { delta: 0.2, sd: 0.1, nEff: 3, df: 2, alpha: 0.05 };
    expect(power.powerQuality).toBeCloseTo(powerGreater(plan) ?? 0, 9);
    expect(power).toMatchObject({ powerCost: null, power: null });
  });

  it("is unknown without a score", () => {
    expect(analyseCandidate({ ...names, windows: FOUR }).power.powerQuality).toBeNull();
  });
});

describe("families", () => {
  it("come in the order in which the schedule completes them", () => {
    const families = new Map(["x", "y", "y", "x", "z"].map((name, index) => [`f${index}`, name]));
    const ratios = [4, 1 / 2, 1 / 2, 4, 1 / 2];
    const windows = ratios.flatMap((ratio, index) =>
      pair([`f${index}`, index % 2 === 0 ? "AB" : "BA"], ratio),
    );
    const { cost, prefixFeatures } = analyseCandidate({ ...names, windows, families });
    expect(prefixFeatures).toBe(3);
    // y is complete first, then x, then z; only x is cheaper.
    const { signLogE } = costEProcess({ d: [-1, 1, -1], z: [0, 0, 0], null: 1 });
    expect(cost.evidenceAgainst1.signLogE).toEqual(signLogE);
  });
});

describe("the named streams", () => {
  it("are those of the sign flips and of the bootstrap", () => {
    const [flips = "", bootstrap = ""] = ANALYSIS_STREAMS;
    const rng = openStream("test", "scores");
    const scores = Array.from({ length: 21 }, () => [rng(), rng()] as const);
    const { quality } = analyseCandidate({ ...names, windows: scoredPairs(scores, ["AB", "BA"]) });
    const arms = { a: scores.map(([a]) => a), b: scores.map(([, b]) => b) };
    expect(quality.contrastSignFlip).toEqual(
      signFlipTest(contrastsOf(arms, 0.8), openStream("42", flips)),
    );
    expect([ANALYSIS_STREAMS.length, bootstrap]).toEqual([2, "bootstrap|latency_p95"]);
  });
});
