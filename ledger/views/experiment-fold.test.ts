import { deserialize, serialize } from "node:v8";

import { describe, expect, it } from "vitest";

import { ExperimentFold } from "./experiment-fold.ts";
import { openExperimentView } from "./open-view.ts";
import {
  earlierAttempts,
  finalizedWindows,
  finalOf,
  nextAttempt,
  providerTokens,
  tokensSpent,
  unfinishedAttempts,
} from "./progress.ts";
import { appendAll, createSampleLedger, type Filed } from "./test-support/sample-ledger.ts";
import {
  anomaly,
  assigned,
  type Cell,
  debited,
  EXPERIMENT,
  finalized,
  interrupted,
  opened,
  requested,
  reserved,
  reviewed,
  turned,
  undone,
} from "./test-support/sample-rows.ts";
import { stampRow } from "./test-support/stamp-row.ts";

const FIRST: Cell = { window: "W0-01", provider: "base", feature_id: "cache", period: 1 };
const SECOND: Cell = { window: "W0-02", provider: "cand", feature_id: "cache", period: 2 };

async function viewOf(rows: readonly Filed[]) {
  const store = createSampleLedger();
  const written = await appendAll(store, rows);
  return { view: openExperimentView(store, EXPERIMENT), written, store };
}

describe("an experiment's view", () => {
  it("is empty for an experiment that the ledger does not know", async () => {
    const { view } = await viewOf([]);
    expect(finalizedWindows(view)).toStrictEqual([]);
    expect(nextAttempt(view, "W0-01")).toBe(1);
    expect(tokensSpent(view, "all")).toBe(0);
    expect(view.assignments.size).toBe(0);
  });

  it("leaves out the rows of other experiments", async () => {
    const foreign = { experiment_id: "ba9876543210" };
    const { view } = await viewOf([
      ["windows", finalized(FIRST, 100, foreign)],
      ["windows", finalized(SECOND, 30)],
    ]);
    expect(finalizedWindows(view).map(({ window }) => window)).toStrictEqual(["W0-02"]);
    expect(tokensSpent(view, "uncached")).toBe(30);
  });

  it("has the providers of each assignment", async () => {
    const { view } = await viewOf([
      ["assignments", assigned("cache", ["base", "cand"])],
      ["assignments", assigned("queue", ["cand", "base"])],
    ]);
    const providers = [...view.assignments.values()].map((assignment) => assignment.providers);
    expect(providers).toStrictEqual([
      ["base", "cand"],
      ["cand", "base"],
    ]);
  });
});

describe("the spend of attempts", () => {
  it("numbers attempts on, keeps the tokens of every one, and says which have no end", async () => {
    const second = { ...FIRST, attempt: 2 };
    const { view } = await viewOf([
      ["windows", opened(FIRST, { executed_order: 1 })],
      ["proxy_telemetry", requested(FIRST)],
      ["windows", interrupted(FIRST, 500)],
      ["windows", opened(second, { executed_order: 2 })],
      ["proxy_telemetry", requested(second)],
      ["proxy_telemetry", requested(second)],
    ]);
    expect(nextAttempt(view, "W0-01")).toBe(3);
    expect(tokensSpent(view, "uncached")).toBe(500 + 220);
    expect(providerTokens(view, "base", "uncached")).toBe(720);
    expect(providerTokens(view, "cand", "uncached")).toBe(0);
    expect(view.lastExecutedOrder).toBe(2);
    const unfinished = unfinishedAttempts(view);
    expect(unfinished.map(({ opened: row }) => row.marker)).toStrictEqual(["marker-W0-01-2"]);
    expect(unfinished[0]?.usage).toStrictEqual({ input_uncached: 200, output: 20, requests: 2 });
    expect(earlierAttempts(view, { window: "W0-01", attempt: 3 })).toStrictEqual({
      attempts: 2,
      usage: { input_uncached: 700, output: 20, requests: 3 },
    });
  });

  it("counts cache reads in the basis `all` only", async () => {
    const usage = { input_uncached: 10, cache_read: 1000, output: 5, requests: 1 };
    const { view } = await viewOf([["windows", finalized(FIRST, 0, { usage })]]);
    expect(tokensSpent(view, "uncached")).toBe(15);
    expect(tokensSpent(view, "all")).toBe(1015);
  });

  it("takes the higher figure if an attempt's end and its debits disagree", async () => {
    const { view } = await viewOf([
      ["windows", finalized(FIRST, 100)],
      ["budgets", debited(FIRST, "r1", 80)],
      ["budgets", debited(FIRST, "r2", 70)],
    ]);
    expect(tokensSpent(view, "uncached")).toBe(150);
  });

  it("holds reservations that nothing settled", async () => {
    const { view } = await viewOf([
      ["budgets", reserved(FIRST, "r1", 80)],
      ["budgets", reserved(FIRST, "r2", 50)],
      ["budgets", debited(FIRST, "r1", 95)],
      ["budgets", { ...debited(FIRST, "r2", 20), is_final: false }],
    ]);
    expect(view.unsettledTokens).toBe(30);
    expect(tokensSpent(view, "uncached")).toBe(115);
  });
});

describe("the work of teams", () => {
  it("keeps turns without the content of their handoffs, and continues from its state", async () => {
    const { view, written, store } = await viewOf([
      ["handoffs", turned(FIRST)],
      ["handoffs", turned({ ...FIRST, attempt: 2 })],
      ["handoffs", reviewed(FIRST)],
    ]);
    expect([...view.turns.values()].map(({ attempt }) => attempt)).toStrictEqual([1, 2]);
    const next = new ExperimentFold(EXPERIMENT, deserialize(serialize(view.state)));
    const [dead] = await appendAll(store, [["handoffs", undone(written[0]?.id ?? "")]]);
    if (dead !== undefined) next.foldOnce(dead, "handoffs");
    const handoff = { kind: "implementation", sha256: "b".repeat(64) };
    expect([...next.turns.values()]).toMatchObject([{ attempt: 2, handoff }]);
    expect([...next.turns.values()][0]?.handoff).not.toHaveProperty("content");
    expect([...next.retrospectives.values()]).toMatchObject([{ rework_rounds: 1 }]);
  });
});

describe("rows that correct each other", () => {
  it("lets the last of two final rows count, once", async () => {
    const { view } = await viewOf([
      ["windows", finalized(FIRST, 100)],
      ["windows", finalized(FIRST, 40)],
    ]);
    expect(finalizedWindows(view).map(({ cost }) => cost.amount)).toStrictEqual([40]);
    expect(tokensSpent(view, "uncached")).toBe(40);
  });

  it("replaces what is superseded, drops what is undone, and brings back what was undone wrongly", async () => {
    const store = createSampleLedger();
    const [first] = await appendAll(store, [["windows", finalized(FIRST, 100)]]);
    const [correction] = await appendAll(store, [
      ["windows", { ...finalized(FIRST, 60), supersedes: first?.id ?? "" }],
    ]);
    const amount = () => finalOf(openExperimentView(store, EXPERIMENT), "W0-01")?.cost.amount;
    expect(amount()).toBe(60);
    const [tombstone] = await appendAll(store, [["windows", undone(correction?.id ?? "")]]);
    expect(amount()).toBe(100);
    await appendAll(store, [["windows", undone(tombstone?.id ?? "")]]);
    expect(amount()).toBe(60);
    await appendAll(store, [
      ["windows", undone(first?.id ?? "")],
      ["windows", undone(correction?.id ?? "")],
    ]);
    expect(amount()).toBeUndefined();
  });
});

describe("rows that are not as expected", () => {
  it("counts rows that break their schema or have a later one, and continues", () => {
    const view = new ExperimentFold(EXPERIMENT);
    const rows = [
      finalized(FIRST, 100, { quality: 7 }),
      { ...finalized(FIRST, 100), schema_version: "2.0" },
      { ...finalized(SECOND, 30), schema_version: "1.9", field_of_a_later_minor: true },
      { record: "look_recorded", experiment_id: EXPERIMENT },
      { record: "budget_reserved", experiment_id: EXPERIMENT, tokens: -1 },
    ];
    for (const [index, row] of rows.entries()) {
      view.fold(stampRow(row, { seq: index + 1, id: `row-${index}` }));
    }
    expect(finalizedWindows(view).map(({ window }) => window)).toStrictEqual(["W0-02"]);
    expect([...view.unreadable]).toStrictEqual([
      ["window_finalized", 1],
      ["window_finalized of schema 2.0", 1],
      ["budget_reserved", 1],
    ]);
  });

  it("keeps anomalies of the ledger as a whole", async () => {
    const { view } = await viewOf([
      ["anomalies", anomaly(["windows.jsonl"], { experiment_id: undefined, kind: "torn-tail" })],
    ]);
    expect([...view.anomalies.values()].map(({ name }) => name)).toStrictEqual(["torn-tail"]);
  });

  it("does not count a row twice that it is shown twice", async () => {
    const { view, written } = await viewOf([["proxy_telemetry", requested(FIRST)]]);
    for (const row of written) view.fold(row);
    expect(tokensSpent(view, "uncached")).toBe(110);
  });

  it("survives corrections that cite each other in a circle", () => {
    const view = new ExperimentFold(EXPERIMENT);
    const circle = ["a", "b", "c"].map((id, index) =>
      stampRow(
        { ...finalized(FIRST, 100), id, supersedes: ["b", "c", "a"][index] ?? "" },
        { seq: index + 1, id },
      ),
    );
    for (const row of circle) view.fold(row);
    expect(finalizedWindows(view).length).toBeLessThanOrEqual(1);
  });
});
