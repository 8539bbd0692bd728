import { describe, expect, it } from "vitest";

import type { Row } from "../../ledger/domain/row.ts";
import { emptyExperimentView, foldExperiment } from "../../ledger/views/experiment-view.ts";
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
  registration,
  requested,
  reserved,
  sessionOpened,
  undone,
} from "../../ledger/views/test-support/sample-rows.ts";
import { buildReport } from "./build-report.ts";
import { ReportData, reportJsonSchema } from "./report-data.ts";
import { FOUR_PAIRS, rowsOf, type SamplePair, viewOf } from "./test-support/sample-experiment.ts";

const CACHE_BASE: Cell = { window: "W0-01", provider: "base", feature_id: "cache", period: 1 };
const QUEUE_CAND: Cell = { window: "W0-03", provider: "cand", feature_id: "queue", period: 1 };

async function reportOf(rows: readonly Filed[]) {
  return buildReport(await viewOf(rows));
}

describe("the cost compared over four pairs", () => {
  // Worked out with R's formulas and the printed quantiles t(.975, 3) = 3.182446 and t(.975, 2) =
  // 4.302653 from the ratios 2, 3, 2.5 and 1.5; p on 2 df is 1 − |t| / √(2 + t²).
  it("agrees with values worked out by hand", async () => {
    const [comparison] = (await reportOf(rowsOf(FOUR_PAIRS))).comparisons;
    const { cost_ratio, adjusted_cost_ratio, order_effect, carryover } = comparison ?? fail();
    expect(cost_ratio.value).toBeCloseTo(2.177938587346431, 10);
    expect(cost_ratio.ci95?.lower).toBeCloseTo(1.3537431988532855, 10);
    expect(cost_ratio.ci95?.upper).toBeCloseTo(3.5039263682141284, 10);
    expect(cost_ratio.p_two_sided).toBeCloseTo(0.01374910807518459, 10);
    expect(cost_ratio.df).toBe(3);
    expect(adjusted_cost_ratio.value).toBeCloseTo(2.1779385873464316, 10);
    expect(adjusted_cost_ratio.ci95?.lower).toBeCloseTo(0.9951144244295718, 8);
    expect(adjusted_cost_ratio.ci95?.upper).toBeCloseTo(4.766704585728051, 8);
    expect(adjusted_cost_ratio.p_two_sided).toBeCloseTo(0.05058408959510907, 10);
    expect(order_effect.value).toBeCloseTo(1.026690096080341, 10);
    expect(order_effect.ci95?.lower).toBeCloseTo(0.4691014383804656, 8);
    expect(order_effect.ci95?.upper).toBeCloseTo(2.2470460909875447, 8);
    expect(order_effect.p_two_sided).toBeCloseTo(0.8982198790569967, 10);
    expect(carryover.p_two_sided).toBeCloseTo(0.6074964148285751, 10);
    expect(comparison?.totals_ratio).toBeCloseTo(28_000 / 13_000, 10);
    expect(comparison?.pairs).toStrictEqual({
      planned: 4,
      complete: 4,
      ab: 2,
      ba: 2,
      incomplete: 0,
      missing_period1: 0,
      missing_period2: 0,
      capped: 0,
    });
  });

  it("sums up each provider", async () => {
    const [base, cand] = (await reportOf(rowsOf(FOUR_PAIRS))).providers;
    expect(base?.cost.mean).toBe(7000);
    expect(base?.cost.geometric_mean).toBeCloseTo(6817.316198804996, 6);
    expect(cand?.cost.geometric_mean).toBeCloseTo(3130.1691601465745, 6);
    expect(cand?.quality).toMatchObject({ n: 4, value: 0.8125, df: 3, reason: null });
    expect(cand?.quality.ci95?.lower).toBeCloseTo(0.4316299547927305, 10);
    expect(cand?.quality.ci95?.upper).toBeCloseTo(1.1933700452072695, 10);
    expect(cand?.outcomes).toStrictEqual([
      { outcome: "pass", windows: 2 },
      { outcome: "partial", windows: 2 },
    ]);
    expect(cand?.tokens_valid).toBe(13_000);
    expect(cand?.efficiency).toBe(250); // 3.25 ÷ 0.013
    expect(cand?.capacity).toStrictEqual({ meter: "proxy", used: 13_000 });
    expect(cand?.churn).toStrictEqual({ n: 4, files_changed: 4, insertions: 40, deletions: 8 });
  });

  it("never calls four pairs a basis for a decision", async () => {
    const [comparison] = (await reportOf(rowsOf(FOUR_PAIRS))).comparisons;
    expect(comparison?.statements.join("\n")).toContain("no basis for a decision");
    expect(comparison?.statements.join("\n")).toContain("includes 1");
    expect(comparison?.statements.join("\n")).not.toMatch(/winn|better|cheaper|recommend/iu);
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

  it("gives a point and no interval for one pair", async () => {
    const report = await reportOf(rowsOf(FOUR_PAIRS.slice(0, 1)));
    expect(report.comparisons[0]?.cost_ratio).toMatchObject({
      value: 2,
      ci95: null,
      reason: "n < 3",
    });
    expect(report.comparisons[0]?.adjusted_cost_ratio.value).toBeNull();
    expect(report.comparisons[0]?.order_effect).toMatchObject({ value: null, reason: "n < 3" });
    expect(report.providers[0]?.quality).toMatchObject({ value: 1, ci95: null, reason: "n < 3" });
  });

  it("gives points and no intervals for two pairs", async () => {
    const report = await reportOf(rowsOf(FOUR_PAIRS.slice(0, 2)));
    const [comparison] = report.comparisons;
    expect(comparison?.cost_ratio.value).toBeCloseTo(Math.sqrt(6), 10);
    for (const estimate of [comparison?.cost_ratio, comparison?.order_effect]) {
      expect(estimate).toMatchObject({ ci95: null, p_two_sided: null, reason: "n < 3" });
    }
    expect(comparison?.carryover).toMatchObject({ p_two_sided: null, reason: "n < 3" });
  });

  it("can't tell order from provider where all pairs have one order", async () => {
    const oneOrder = FOUR_PAIRS.map((pair): SamplePair => ({ ...pair, order: "AB" }));
    const [comparison] = (await reportOf(rowsOf(oneOrder))).comparisons;
    expect(comparison?.order_effect.reason).toBe("all pairs in one order");
    expect(comparison?.cost_ratio.ci95).not.toBeNull();
  });

  it("names replayed data where the pairs do not vary", async () => {
    const alike = FOUR_PAIRS.map((pair): SamplePair => ({
      ...pair,
      costs: { base: 4000, cand: 2000 },
    }));
    const [comparison] = (await reportOf(rowsOf(alike))).comparisons;
    expect(comparison?.cost_ratio).toMatchObject({ value: 2, ci95: { lower: 2, upper: 2 } });
    expect(comparison?.statements.join("\n")).toContain("replayed");
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

  it("does not compare tokens of several vendors", async () => {
    const analysis = { cost: "tokens", basis: "uncached", comparable: false };
    const rows = rowsOf(FOUR_PAIRS).map(([file, row]): Filed =>
      row.record === "experiment_registered"
        ? [file, registered({ registration: registration({ analysis }) })]
        : [file, row],
    );
    const [comparison] = (await reportOf(rows)).comparisons;
    expect(comparison?.cost_ratio.value).toBeNull();
    expect(comparison?.totals_ratio).toBeNull();
    expect(comparison?.statements[0]).toContain("several vendors");
  });

  it("reads corrected rows and drops undone ones", async () => {
    const store = createSampleLedger();
    const written = await appendAll(store, rowsOf(FOUR_PAIRS));
    const finals = written.filter(({ record }) => record === "window_finalized");
    const more = await appendAll(store, [
      ["windows", { ...finalized(CACHE_BASE, 16_000), supersedes: finals[0]?.id ?? "" }],
      ["windows", undone(finals.at(-1)?.id ?? "")],
    ]);
    const view = emptyExperimentView(EXPERIMENT);
    for (const row of [...written, ...more]) foldExperiment(view, row);
    const report = buildReport(view);
    expect(report.pairs[0]?.cost_ratio).toBe(4);
    expect(report.ran.windows).toMatchObject({ valid: 7, not_run: 1 });
    expect(report.pairs[3]?.reason).toBe("base: not run");
  });
});

describe("requests", () => {
  it("takes a network error for an error, and neither a refusal of ours nor a client that left", async () => {
    const cell = CACHE_BASE;
    const report = await reportOf([
      ...rowsOf(FOUR_PAIRS.slice(0, 1)),
      ["proxy_telemetry", requested(cell, { latency_ms: 100 })],
      ["proxy_telemetry", requested(cell, { latency_ms: 300 })],
      ["proxy_telemetry", requested(cell, { latency_ms: 200, status: 0, usage: null })],
      ["proxy_telemetry", requested(cell, { latency_ms: 400, status: 529, usage: null })],
      ["proxy_telemetry", requested(cell, { status: 429, refused_by: "overall", usage: null })],
      ["proxy_telemetry", requested(cell, { status: null, is_client_gone: true, usage: null })],
      ["proxy_telemetry", requested(cell, { kind: "count_tokens", latency_ms: 5 })],
    ]);
    const [base] = report.providers;
    expect(base?.requests).toStrictEqual({
      total: 6,
      errors: 2,
      refused: 1,
      error_rate: 0.4,
      touched_by: [],
    });
    expect(base?.latency_ms).toStrictEqual({ n: 4, p50: 250, p95: 385 });
  });

  it("falls back on the final row's counts where there is no telemetry", async () => {
    const report = await reportOf(rowsOf(FOUR_PAIRS.slice(0, 1)));
    expect(report.providers[0]?.requests).toMatchObject({ total: 1, errors: 0, error_rate: 0 });
    expect(report.providers[0]?.latency_ms).toStrictEqual({ n: 0, p50: null, p95: null });
  });
});

describe("anomalies", () => {
  it("mark the window, its pair, its provider and every figure made of them, and nothing else", async () => {
    const report = await reportOf([
      ...rowsOf(FOUR_PAIRS),
      ["anomalies", anomaly(["W0-03"], { window: "W0-03" })],
    ]);
    expect(report.anomalies).toHaveLength(1);
    expect(report.anomalies[0]).toMatchObject({ number: 1, windows: ["W0-03"] });
    const touched = report.ran.schedule.filter(({ touched_by }) => touched_by.length > 0);
    expect(touched.map(({ window }) => window)).toStrictEqual(["W0-03"]);
    expect(report.pairs.map(({ touched_by }) => touched_by)).toStrictEqual([[], [1], [], []]);
    expect(report.providers.map(({ touched_by }) => touched_by)).toStrictEqual([[], [1]]);
    expect(report.comparisons[0]?.touched_by).toStrictEqual([1]);
  });

  it("are traced through the ids of rows", async () => {
    const store = createSampleLedger();
    const written = await appendAll(store, rowsOf(FOUR_PAIRS));
    const target = written.find(
      (row) => row.record === "window_opened" && row["window"] === QUEUE_CAND.window,
    );
    const more = await appendAll(store, [["anomalies", anomaly([target?.id ?? ""])]]);
    const view = emptyExperimentView(EXPERIMENT);
    for (const row of [...written, ...more]) foldExperiment(view, row);
    expect(buildReport(view).anomalies[0]?.windows).toStrictEqual(["W0-03"]);
  });

  it("that touch a file touch everything that is read from it", async () => {
    const report = await reportOf([
      ...rowsOf(FOUR_PAIRS),
      ["anomalies", anomaly(["proxy_telemetry.jsonl"], { experiment_id: undefined })],
      ["anomalies", anomaly(["/data/ledger/windows.000001.jsonl"], { experiment_id: undefined })],
    ]);
    expect(report.providers[0]?.requests.touched_by).toStrictEqual([1]);
    expect(report.ran.schedule.every(({ touched_by }) => touched_by.includes(2))).toBe(true);
    expect(report.budgets.touched_by).toStrictEqual([]);
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
      "experiment run --seed 42 --overall-token-budget 200000 --command-budget '/implement=40000'",
    );
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
    const bytes = (order: readonly Row[]) => {
      const view = emptyExperimentView(EXPERIMENT);
      for (const row of order) foldExperiment(view, row);
      return JSON.stringify(buildReport(view));
    };
    const backwards = files
      .toReversed()
      .flatMap(([, places]) => places.flatMap(([, index]) => written[index] ?? []));
    expect(backwards).toHaveLength(written.length);
    expect(bytes(written)).toBe(bytes(written));
    expect(bytes(backwards)).toBe(bytes(written));
  });

  it("keeps the report's published schema", async () => {
    const report = await reportOf(rowsOf(FOUR_PAIRS));
    expect(ReportData.parse(JSON.parse(JSON.stringify(report)))).toStrictEqual(report);
    expect(Object.keys(report)[0]).toBe("report_version");
    expect(reportJsonSchema()).toMatchObject({ type: "object", additionalProperties: false });
  });
});

function fail(): never {
  throw new Error("Expected a comparison, got none.");
}
