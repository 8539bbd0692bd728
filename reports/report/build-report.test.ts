import { describe, expect, it } from "vitest";

import type { Row } from "../../ledger/domain/row.ts";
import { ExperimentFold } from "../../ledger/views/experiment-fold.ts";
import {
  appendAll,
  createSampleLedger,
  type Filed,
} from "../../ledger/views/test-support/sample-ledger.ts";
import {
  anomaly,
  assigned,
  type Cell,
  debited,
  EXPERIMENT,
  finalized,
  interrupted,
  registered,
  requested,
  reserved,
  sessionOpened,
  undone,
} from "../../ledger/views/test-support/sample-rows.ts";
import {
  FOUR_PAIRS,
  rowsOf,
  type SamplePair,
  viewOf,
} from "../evidence/test-support/sample-experiment.ts";
import { buildReport } from "./build-report.ts";
import { ReportData } from "./report-data.ts";

const CACHE_BASE: Cell = { window: "W0-01", provider: "base", feature_id: "cache", period: 1 };

async function reportOf(rows: readonly Filed[]) {
  return buildReport(await viewOf(rows));
}

describe("a provider", () => {
  it("sums up each provider", async () => {
    const { providers } = await reportOf(rowsOf(FOUR_PAIRS));
    expect(providers).toMatchObject([
      { provider: "base", cost: { n: 4, mean: 7000, geometric_mean: near(6817.316198804996) } },
      {
        provider: "cand",
        features: 4,
        cost: { n: 4, mean: 3250, geometric_mean: near(3130.1691601465745), lower_bounds: 0 },
        quality: {
          n: 4,
          value: 0.8125,
          ci95: { lower: near(0.4316299547927305), upper: near(1.1933700452072695) },
          df: 3,
          reason: null,
        },
        outcomes: [
          { outcome: "pass", windows: 2 },
          { outcome: "partial", windows: 2 },
        ],
        tokens_valid: 13_000,
        efficiency: { value: 250, df: 3, reason: null }, // 3.25 ÷ 0.013
        capacity: { meter: "proxy", used: 13_000 },
        churn: { n: 4, files_changed: 4, insertions: 40, deletions: 8 },
      },
    ]);
  });
});

describe("few windows", () => {
  it("says that there is nothing, where there is nothing", async () => {
    const report = await reportOf([
      ["assignments", assigned("cache", ["base", "cand"])],
      ["experiments", registered()],
    ]);
    expect(report.ran.windows).toStrictEqual({
      planned: 2,
      finalized: 0,
      valid: 0,
      missing: 0,
      not_run: 2,
    });
    expect(report.comparisons[0]?.cost_ratio).toStrictEqual({
      value: null,
      ci95: null,
      p_two_sided: null,
      df: null,
      reason: "no complete pair",
    });
    expect(report.providers[0]?.quality.reason).toBe("no valid window");
    expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/u);
  });

  it("builds even where nothing was registered", async () => {
    const report = await reportOf([]);
    expect(report.asked.baseline).toBeNull();
    expect(report.title).toBe(`Report: ${EXPERIMENT}`);
  });
});

const scenarios = (...failed: readonly string[]) => ({
  scenarios: ["a", "b", "c"].map((name) => ({
    name,
    suite: "visible",
    status: failed.includes(name) ? "failed" : "passed",
  })),
});

describe("tests that only one provider fails", () => {
  it("counts both directions over all pairs", async () => {
    const changes = [
      { base: scenarios("a"), cand: scenarios("b", "c") },
      { base: scenarios("a", "b", "c"), cand: scenarios("c") },
    ];
    const pairs = FOUR_PAIRS.map((pair, at) => ({ ...pair, changes: changes[at] ?? {} }));
    const { answers } = await reportOf(rowsOf(pairs));
    expect(answers[0]?.missing_or_wrong[0]).toBe("2 tests fail only with cand, 3 only with base.");
  });
});

describe("windows that do not count", () => {
  it("counts a missing window by provider and period and leaves its pair out", async () => {
    const changes = {
      cand: {
        outcome: "provider_limit",
        quality: null,
        commit_end: null,
        reason: "Limit reached.",
        cost: { measure: "tokens", amount: 700, is_lower_bound: false },
        usage: { input_uncached: 700, requests: 1 },
      },
    };
    const pairs = FOUR_PAIRS.map((pair, index) => (index === 1 ? { ...pair, changes } : pair));
    const report = await reportOf(rowsOf(pairs));
    expect(report.ran.missing).toStrictEqual([
      { provider: "cand", period: 1, cause: "provider_limit", windows: 1 },
    ]);
    expect(report.comparisons[0]?.pairs).toMatchObject({
      complete: 3,
      incomplete: 1,
      missing_period1: 1,
      missing_period2: 0,
    });
    const cand = report.providers.find(({ provider }) => provider === "cand");
    expect(cand?.windows).toMatchObject({ valid: 3, missing: 1 });
    expect(cand?.tokens_valid).toBe(10_000);
    expect(cand?.tokens_apart).toBe(700);
    expect(report.pairs[1]).toMatchObject({
      is_complete: false,
      reason: "cand: provider_limit",
      candidate_cost: null,
      cost_ratio: null,
    });
  });

  it.each([
    ["incomplete", { commit_end: null }],
    ["incomplete", { methodology: null }],
    ["no_cost", { cost: { measure: "tokens", amount: null, is_lower_bound: false } }],
    ["no_cost", { cost: { measure: "tokens", amount: 0, is_lower_bound: false } }],
    ["no_cost", { cost: { measure: "usd", amount: 1, is_lower_bound: false } }],
    ["no_quality", { quality: null }],
  ])("is missing as %s with %j", async (cause, changes) => {
    const pair: SamplePair = {
      feature: "cache",
      order: "AB",
      costs: { base: 8000, cand: 4000 },
      changes: { base: changes },
    };
    const report = await reportOf(rowsOf([pair]));
    expect(report.ran.missing).toStrictEqual([{ provider: "base", period: 1, cause, windows: 1 }]);
  });
});

describe("rates both ways", () => {
  it("leaves ends by the provider out, and counts them as failures", async () => {
    const limit = { outcome: "provider_limit" };
    const pairs: readonly SamplePair[] = FOUR_PAIRS.map((pair, index) =>
      index === 1
        ? { ...pair, changes: { cand: { outcome: "infrastructure", quality: null } } }
        : pair,
    );
    const again = { ...CACHE_BASE, attempt: 2 };
    const rows = rowsOf(pairs).map(([file, row]): Filed => {
      const isCacheBase = row.record === "window_finalized" && row["window"] === "W0-01";
      return isCacheBase ? [file, { ...row, attempt: 2 }] : [file, row];
    });
    const report = await reportOf([
      ...rows,
      ["windows", interrupted(CACHE_BASE, 500, limit)],
      ["windows", interrupted({ ...again, window: "W0-99", feature_id: "new" }, 5, limit)],
    ]);
    const [base, cand] = report.providers;
    expect(base?.ends).toStrictEqual({
      windows: {
        graded: 4,
        passed: 4,
        at_limit: 1,
        provider_failed: 0,
        pass_rate: { left_out: 1, as_failures: 0.8 },
        mean_quality: { left_out: 1, as_failures: 0.8 },
      },
      attempts: {
        graded: 4,
        passed: 4,
        at_limit: 2,
        provider_failed: 0,
        pass_rate: { left_out: 1, as_failures: near(4 / 6) },
        mean_quality: { left_out: 1, as_failures: near(4 / 6) },
      },
    });
    // Its partial work of quality 0.5 is the one that the provider ended.
    expect(cand?.ends.windows).toMatchObject({
      graded: 3,
      passed: 2,
      provider_failed: 1,
      pass_rate: { left_out: near(2 / 3), as_failures: 0.5 },
      mean_quality: { left_out: near(2.75 / 3), as_failures: 2.75 / 4 },
    });
    expect(cand?.ends.attempts).toStrictEqual(cand?.ends.windows);
  });

  it("has no rate without a graded window", async () => {
    const { providers } = await reportOf([["experiments", registered()]]);
    expect(providers[0]?.ends.windows.pass_rate).toEqual({ left_out: null, as_failures: null });
  });
});

describe("windows that still count", () => {
  it("keeps a failed and a capped window in, and flags the cap", async () => {
    const changes = {
      base: { outcome: "fail", quality: 0 },
      cand: {
        outcome: "capped",
        quality: 0.5,
        cost: { measure: "tokens", amount: 4000, is_lower_bound: true },
      },
    };
    const pair: SamplePair = {
      feature: "cache",
      order: "AB",
      costs: { base: 8000, cand: 4000 },
      changes,
    };
    const report = await reportOf(rowsOf([pair]));
    expect(report.ran.windows.valid).toBe(2);
    expect(report.comparisons[0]?.pairs.capped).toBe(1);
    expect(report.comparisons[0]?.statements.join("\n")).toContain("stopped by a cap");
    expect(report.providers[1]?.cost.lower_bounds).toBe(1);
  });
});

describe("corrections", () => {
  it("reads corrected rows and drops undone ones", async () => {
    const store = createSampleLedger();
    const written = await appendAll(store, rowsOf(FOUR_PAIRS));
    const finals = written.filter(({ record }) => record === "window_finalized");
    const more = await appendAll(store, [
      ["windows", { ...finalized(CACHE_BASE, 16_000), supersedes: finals[0]?.id ?? "" }],
      ["windows", undone(finals.at(-1)?.id ?? "")],
    ]);
    const view = new ExperimentFold(EXPERIMENT);
    for (const row of [...written, ...more]) view.fold(row);
    const report = buildReport(view);
    expect(report.pairs[0]?.cost_ratio).toBe(4);
    expect(report.ran.windows).toMatchObject({ valid: 7, not_run: 1 });
    expect(report.pairs[3]?.reason).toBe("base: not run");
  });
});

describe("budgets and spend", () => {
  it("shows limits, what was used over all attempts, and what was refused", async () => {
    const settings = {
      budgets: {
        mode: { value: "block", origin: "default" },
        basis: { value: "uncached", origin: "default" },
        overall: { value: 200_000, origin: "command line" },
        commands: { "/implement": { value: 40_000, origin: "command line" } },
      },
    };
    const again = { ...CACHE_BASE, attempt: 2 };
    const report = await reportOf([
      ["assignments", assigned("cache", ["base", "cand"])],
      ["experiments", registered()],
      ["experiments", sessionOpened({ settings })],
      ["windows", interrupted(CACHE_BASE, 500)],
      ["windows", finalized(again, 8000)],
      ["budgets", debited(CACHE_BASE, "r1", 500)],
      ["budgets", { ...debited(again, "r2", 8000), overshoot: 12 }],
      ["budgets", reserved(again, "r3", 250)],
    ]);
    expect(report.budgets).toMatchObject({
      mode: "block",
      overall: { limit: 200_000, origin: "command line", used: 8750 },
      unsettled: 250,
      overshoot: 12,
      commands: [{ command: "/implement", attempts: 2, total: 8500, limit: 40_000, used: 8000 }],
    });
    expect(report.providers[0]?.tokens_apart).toBe(500);
    expect(report.reproduce[0]).toBe(
      "experiment run --seed 42 --overall-token-budget 200000 --command-budget /implement=40000",
    );
  });
});

describe("how to reproduce", () => {
  it.each([
    ["rehearsal", null, "experiment run --seed 42"],
    [
      "file experiment.yaml",
      "my plans/experiment.yaml",
      "experiment run --seed 42 --config 'my plans/experiment.yaml'",
    ],
    ["default", "experiment.yaml", "experiment run --seed 42 --config experiment.yaml"],
    [
      "environment COUNTERBALANCE_BUDGET_BASIS",
      null,
      "experiment run --seed 42 --budget-basis all",
    ],
    ["command line", null, "experiment run --seed 42 --budget-basis all"],
  ])("names what came from %j with the file %j as %j", async (origin, config, expected) => {
    const settings = {
      budgets: { basis: { value: "all", origin }, commands: {} },
      paths: { config },
    };
    const report = await reportOf([
      ["experiments", registered()],
      ["experiments", sessionOpened({ settings })],
    ]);
    expect(report.reproduce[0]).toBe(expected);
    expect(report.budgets.basis).toBe("all");
  });
});

describe("the same ledger", () => {
  it("gives the same bytes, twice and in whatever order files are read", async () => {
    const rows: readonly Filed[] = [
      ...rowsOf(FOUR_PAIRS),
      ["anomalies", anomaly(["W0-03"])],
      ["anomalies", anomaly(["W0-01"])],
      ["proxy_telemetry", requested(CACHE_BASE)],
      ["budgets", debited(CACHE_BASE, "r1", 500)],
    ];
    const store = createSampleLedger();
    const written = await appendAll(store, rows);
    const files = [
      ...Map.groupBy(
        rows.map(([file], index) => [file, index] as const),
        ([file]) => file,
      ),
    ];
    const backwards = files
      .toReversed()
      .flatMap(([, places]) => places.flatMap(([, index]) => written[index] ?? []));
    expect(backwards).toHaveLength(written.length);
    expect(bytesOf(written)).toBe(bytesOf(written));
    expect(bytesOf(backwards)).toBe(bytesOf(written));
  });

  it("keeps the report's published schema", async () => {
    const report = await reportOf(rowsOf(FOUR_PAIRS));
    expect(ReportData.parse(JSON.parse(JSON.stringify(report)))).toStrictEqual(report);
    expect(Object.keys(report)[0]).toBe("report_version");
  });
});

function bytesOf(rows: readonly Row[]): string {
  const view = new ExperimentFold(EXPERIMENT);
  for (const row of rows) view.fold(row);
  return JSON.stringify(buildReport(view));
}

function near(value: number): unknown {
  return expect.closeTo(value, 8);
}
