import { createHash } from "node:crypto";

import { describe, expect, it } from "vitest";

import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import { assessCandidates, isAllocationAlarm, type LookedAt } from "./assess-candidates.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { DEFAULT_GATES } from "./gate-file.ts";

function windowOf(
  provider: string,
  feature: string,
  changes: Partial<AnalysedWindow> = {},
): AnalysedWindow {
  return {
    feature,
    replicate: 1,
    provider,
    period: provider === "base" ? 1 : 2,
    cost: 1000,
    quality: 0.5,
    errors: 0,
    requests: 10,
    latenciesMs: [100, 250.5],
    ...changes,
  };
}

const pair = [
  windowOf("base", "f1"),
  windowOf("cand", "f1", { cost: 1000 / 3, quality: null, latenciesMs: null }),
];

const printOf = (windows: readonly AnalysedWindow[]) =>
  fingerprintOf({ windows, candidate: "cand" }, "base");

/** The fingerprint with other values in the baseline's window. */
const change = (changes: Partial<AnalysedWindow>) =>
  printOf(pair.map((window) => ({ ...window, ...(window.period === 1 ? changes : {}) })));

describe("the fingerprint of a look's data", () => {
  // The text of a window: its place, then its numbers with 12 significant digits.
  const numbers = '"1000.00000000","0.500000000000","0.00000000000","10.0000000000"';
  const latencies = '"100.000000000","250.500000000"';
  const texts = [
    `["f1",1,"base",1,${numbers},${latencies}]`,
    `["f1",1,"cand",2,"333.333333333",null,${numbers.split(",").slice(2).join(",")}]`,
  ];
  const expected = createHash("sha256").update(JSON.stringify(texts)).digest("hex");
  it("is the hash of the sorted windows of complete pairs", () => {
    expect(printOf(pair)).toBe(expected);
    expect(printOf(pair.toReversed())).toBe(expected);
    // The same windows have been read before.
    expect(printOf(pair)).toBe(expected);
  });

  it.each<readonly [string, AnalysedWindow]>([
    ["another provider's window", windowOf("other", "f1")],
    ["a window without its pair", windowOf("base", "f2")],
    ["the candidate's window without its pair", windowOf("cand", "f2")],
    ["a window of another replicate", windowOf("base", "f1", { replicate: 2 })],
  ])("does not change with %s", (_, window) => {
    expect(printOf([...pair, window])).toBe(expected);
  });

  it("takes windows of one feature in different replicates as no pair", () => {
    const apart = [windowOf("base", "f2"), windowOf("cand", "f2", { replicate: 2 })];
    expect(printOf([...pair, ...apart])).toBe(expected);
  });

  it("changes with any value that counts, and not with rounding", () => {
    const changed = [
      change({ cost: 1000.001 }),
      change({ quality: 0.6 }),
      change({ errors: 1 }),
      change({ requests: 11 }),
      change({ latenciesMs: [100] }),
      change({ quality: null }),
    ];
    expect(new Set([expected, ...changed]).size).toBe(7);
    expect(change({ cost: 1000 + 1e-10 })).toBe(expected);
  });
});

/** Data of a candidate that is about `factor` times cheaper, in both orders. */
function dataOf(candidate: string, factor: number, spread = 5): LookedAt {
  const windows = Array.from({ length: 12 }, (_, index) =>
    ["base", candidate].map((provider, arm) =>
      windowOf(provider, `f${index}`, {
        period: index % 2 === 0 ? arm + 1 : 2 - arm,
        cost: arm === 0 ? 1000 + 10 * (index % spread) : (1000 + 90 * (index % 4)) / factor,
      }),
    ),
  ).flat();
  return { candidate, windows, capped: false, deterministicRegressions: 0, fingerprint: candidate };
}

function assess(candidates: readonly LookedAt[], alpha = 0.05, registered?: number) {
  return assessCandidates({
    baseline: "base",
    rootSeed: "42",
    gates: { ...DEFAULT_GATES, alpha },
    candidates,
    ...(registered === undefined ? {} : { registered }),
  });
}

/** 1/E against the target, before any adjustment. */
function pOf(data: LookedAt): number {
  const [one] = assess([data]);
  return Math.exp(-(one?.analysis.cost.evidenceAgainstTarget.logEGreater[11] ?? 0));
}

function anytimeOf(...given: Parameters<typeof assess>): readonly string[] {
  return assess(...given).map(({ look }) => look.criteria.cost.anytime);
}

describe("evidence on cost with several candidates", () => {
  const strong = dataOf("strong", 3.4);
  const weak = dataOf("weak", 2.9);
  const pStrong = pOf(strong);
  const pWeak = pOf(weak);

  it("has to be as strong as Holm's method asks", () => {
    expect(pStrong).toBeLessThan(pWeak / 2);
    // The smallest p-value counts twice, the other one once, whatever their order.
    expect(anytimeOf([strong, weak], 1.01 * Math.max(2 * pStrong, pWeak))).toEqual([
      "confirmed",
      "confirmed",
    ]);
    expect(anytimeOf([weak, strong], 0.99 * pWeak)).toEqual(["inconclusive", "confirmed"]);
    expect(anytimeOf([weak, strong], 1.99 * pStrong)).toEqual(["inconclusive", "inconclusive"]);
    expect(anytimeOf([strong], 1.99 * pStrong)).toEqual(["confirmed"]);
  });

  it("counts candidates without data, which enter with p = 1", () => {
    expect(anytimeOf([strong], 2.01 * pStrong, 2)).toEqual(["confirmed"]);
    expect(anytimeOf([strong], 1.99 * pStrong, 2)).toEqual(["inconclusive"]);
    expect(anytimeOf([strong], 2.99 * pStrong, 3)).toEqual(["inconclusive"]);
    expect(anytimeOf([strong, { ...dataOf("none", 2), windows: [] }], 1.99 * pStrong)).toEqual([
      "inconclusive",
      "inconclusive",
    ]);
  });
});

describe("a look", () => {
  it("counts families, and only if features name one", () => {
    const data = dataOf("cand", 3);
    const families = new Map([
      ["f0", "x"],
      ["f1", "x"],
      ["f2", "x"],
    ]);
    const [plain] = assess([data]);
    const [grouped] = assess([{ ...data, families }]);
    expect(plain?.look).not.toHaveProperty("nFamilies");
    // Three of twelve features are one family.
    expect(grouped?.look).toMatchObject({ nPairs: 12, nFamilies: 10 });
  });

  it("counts the windows of each provider by themselves, and sees replayed costs", () => {
    const data = dataOf("cand", 3, 1);
    const windows = [
      ...data.windows.map((window) => ({ ...window, cost: window.provider === "base" ? 10 : 5 })),
      windowOf("base", "f98"),
      windowOf("base", "f99"),
    ];
    const [assessed] = assess([{ ...data, windows, capped: true, deterministicRegressions: 3 }]);
    expect(assessed?.candidate).toBe("cand");
    expect(assessed?.look).toMatchObject({
      windowsA: 14,
      windowsB: 12,
      zeroVariance: true,
      capped: true,
      criteria: { deterministicRegressions: 3 },
    });
  });
});

describe("the alarm on allocation", () => {
  it("is raised from an e-value of 1 / threshold on", () => {
    const [assessed] = assess([dataOf("cand", 3)]);
    if (assessed === undefined) throw new Error("There is no analysis.");
    const { analysis } = assessed;
    const isAlarm = (logE: number) =>
      isAllocationAlarm(
        { ...analysis, allocation: { ...analysis.allocation, logE } },
        { ...DEFAULT_GATES, srm_threshold: 0.001 },
      );
    expect([isAlarm(-Math.log(0.001)), isAlarm(Math.log(999)), isAlarm(9)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
