import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { LedgerFile } from "../domain/ledger-file.ts";
import type { NewRow, Row } from "../domain/row.ts";
import { emptyExperimentView, type ExperimentView, foldExperiment } from "./experiment-view.ts";
import { listExperiments } from "./list-experiments.ts";
import { openExperimentView } from "./open-view.ts";
import {
  earlierAttempts,
  finalizedWindows,
  finalOf,
  interruptedAttempts,
  lastExecutedOrder,
  nextAttempt,
  plannedWindows,
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
  registered,
  requested,
  reserved,
  undone,
} from "./test-support/sample-rows.ts";

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
    expect(plannedWindows(view)).toBe(0);
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

  it("counts the planned windows of the assignments", async () => {
    const { view } = await viewOf([
      ["assignments", assigned("cache", ["base", "cand"])],
      ["assignments", assigned("queue", ["cand", "base"])],
    ]);
    expect(plannedWindows(view)).toBe(4);
  });

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
    expect(interruptedAttempts(view, "W0-01")).toBe(1);
    expect(tokensSpent(view, "uncached")).toBe(500 + 220);
    expect(providerTokens(view, "base", "uncached")).toBe(720);
    expect(providerTokens(view, "cand", "uncached")).toBe(0);
    expect(lastExecutedOrder(view)).toBe(2);
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

  it("takes the higher figure where an attempt's end and its debits disagree", async () => {
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

  it("counts rows that do not keep their schema or have a later one, and goes on", () => {
    const view = emptyExperimentView(EXPERIMENT);
    const rows = [
      finalized(FIRST, 100, { quality: 7 }),
      { ...finalized(FIRST, 100), schema_version: "2.0" },
      { ...finalized(SECOND, 30), schema_version: "1.9", field_of_a_later_minor: true },
      { record: "look_recorded", experiment_id: EXPERIMENT },
    ];
    for (const [index, row] of rows.entries()) {
      view.fold(stamp(row, { seq: index + 1, id: `row-${index}` }));
    }
    expect(finalizedWindows(view).map(({ window }) => window)).toStrictEqual(["W0-02"]);
    expect([...view.unreadable]).toStrictEqual([["window_finalized", 2]]);
  });

  it("keeps anomalies of the ledger as a whole", async () => {
    const { view } = await viewOf([
      ["anomalies", anomaly(["windows.jsonl"], { experiment_id: undefined, kind: "torn-tail" })],
    ]);
    expect([...view.anomalies.values()].map(({ name }) => name)).toStrictEqual(["torn-tail"]);
  });

  it("does not count a row twice that it is shown twice", async () => {
    const { view, written } = await viewOf([["proxy_telemetry", requested(FIRST)]]);
    for (const row of written) foldExperiment(view, row);
    expect(tokensSpent(view, "uncached")).toBe(110);
  });

  it("survives corrections that cite each other in a circle", () => {
    const view = emptyExperimentView(EXPERIMENT);
    const circle = ["a", "b", "c"].map((id, index) =>
      stamp(
        { ...finalized(FIRST, 100), id, supersedes: ["b", "c", "a"][index] ?? "" },
        { seq: index + 1, id },
      ),
    );
    for (const row of circle) view.fold(row);
    expect(finalizedWindows(view).length).toBeLessThanOrEqual(1);
  });
});

describe("listing experiments", () => {
  it("gives them in the order of registration, without those that were undone", async () => {
    const store = createSampleLedger();
    const [, undoneRow] = await appendAll(store, [
      ["experiments", registered({ name: "one" })],
      ["experiments", registered({ name: "two", experiment_id: "aaaaaaaaaaaa" })],
      ["experiments", registered({ name: "three", experiment_id: "000000000000" })],
    ]);
    await appendAll(store, [["experiments", undone(undoneRow?.id ?? "")]]);
    const listed = listExperiments(store.read("experiments"));
    expect(listed.map(({ registered: { name } }) => name)).toStrictEqual(["one", "three"]);
    expect(listed.at(-1)?.experimentId).toBe("000000000000");
  });
});

interface Place {
  readonly seq: number;
  readonly id: string;
}

function stamp(row: NewRow, { seq, id }: Place): Row {
  const time = `2026-01-01T00:00:00.${String(seq % 1000).padStart(3, "0")}Z`;
  return {
    schema_version: "1.0",
    tool_version: "0.1.0",
    source: "automation",
    agent_id: "agent",
    ...row,
    _v: 1,
    seq,
    prev: "",
    id,
    recorded_at: time,
    h: "",
  };
}

const CELLS: readonly Cell[] = [
  FIRST,
  { ...FIRST, attempt: 2 },
  SECOND,
  { window: "W0-03", provider: "base", feature_id: "queue", period: 1 },
];

/** What a random row is, and which earlier row it speaks against, if any. */
const step = fc.record({
  cell: fc.constantFrom(...CELLS),
  kind: fc.constantFrom(
    "opened",
    "interrupted",
    "finalized",
    "requested",
    "debited",
    "anomaly",
    "undone",
  ),
  tokens: fc.integer({ min: 1, max: 1000 }),
  against: fc.option(fc.nat(), { freq: 2 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface History {
  readonly file: LedgerFile;
  readonly row: Row;
  readonly target: string | undefined;
}

function historyOf(steps: readonly Step[]): readonly History[] {
  const history: History[] = [];
  const seqs = new Map<LedgerFile, number>();
  for (const { cell, kind, tokens, against } of steps) {
    const target = against === null ? undefined : history[against % (history.length || 1)];
    if (kind === "undone" && target === undefined) continue;
    const [file, row] = rowOf({ cell, kind, tokens, against }, target);
    const seq = (seqs.get(file) ?? 0) + 1;
    seqs.set(file, seq);
    const correction =
      kind === "undone" || target?.row.record !== row.record ? {} : { supersedes: target.row.id };
    const targetId = kind === "undone" ? target?.row.id : correction.supersedes;
    const stamped = stamp({ ...row, ...correction }, { seq, id: `row-${history.length}` });
    history.push({ file, row: stamped, target: targetId });
  }
  return history;
}

function rowOf({ cell, kind, tokens }: Step, target: History | undefined): Filed {
  switch (kind) {
    case "opened":
      return ["windows", opened(cell)];
    case "interrupted":
      return ["windows", interrupted(cell, tokens)];
    case "finalized":
      return ["windows", finalized(cell, tokens)];
    case "requested":
      return [
        "proxy_telemetry",
        requested(cell, { usage: { input_uncached: tokens, requests: 1 } }),
      ];
    case "debited":
      return ["budgets", debited(cell, `r${tokens}`, tokens)];
    case "anomaly":
      return ["anomalies", anomaly([cell.window])];
    default:
      return [tokens % 2 === 0 ? "windows" : "anomalies", undone(target?.row.id ?? "")];
  }
}

/** The same, worked out from the whole history, backwards: a living row kills what it speaks against. */
function livingRows(history: readonly History[]): readonly History[] {
  const dead = new Set<string>();
  return history
    .toReversed()
    .filter(({ row, target }) => {
      if (dead.has(row.id)) return false;
      if (target !== undefined) dead.add(target);
      return true;
    })
    .toReversed();
}

function expectedOf(history: readonly History[]) {
  const rows = livingRows(history).map(({ row }) => row);
  const of = (record: string) => rows.filter((row) => row.record === record);
  const attempts = CELLS.map((cell) => {
    const own = rows.filter(
      (row) => row["window"] === cell.window && row["attempt"] === (cell.attempt ?? 1),
    );
    const last = (record: string) => own.findLast((row) => row.record === record);
    const tokens = (row: Row | undefined) =>
      Number((row?.["usage"] as { input_uncached?: number } | undefined)?.input_uncached ?? 0);
    const sum = (record: string, read: (row: Row) => number) =>
      own.filter((row) => row.record === record).reduce((total, row) => total + read(row), 0);
    return Math.max(
      tokens(last("window_interrupted")),
      tokens(last("window_finalized")),
      sum("request_proxied", tokens),
      sum("budget_debited", (row) => Number(row["delta"])),
    );
  });
  const finals = new Map(of("window_finalized").map((row) => [row["window"], row.id]));
  return {
    spent: attempts.reduce((total, tokens) => total + tokens, 0),
    finals: ["W0-01", "W0-02", "W0-03"].map((window) => finals.get(window)),
    anomalies: of("anomaly_recorded")
      .map(({ id }) => id)
      .toSorted(),
    opened: of("window_opened")
      .map(({ id }) => id)
      .toSorted(),
  };
}

function actualOf(view: ExperimentView) {
  const attempts = [...view.windows.values()].flatMap((window) => [...window.attempts.values()]);
  return {
    spent: tokensSpent(view, "uncached"),
    finals: ["W0-01", "W0-02", "W0-03"].map((window) => finalOf(view, window)?.id),
    anomalies: [...view.anomalies.keys()].toSorted(),
    opened: attempts.flatMap((attempt) => attempt.opened.map(({ id }) => id)).toSorted(),
  };
}

describe("folding row by row", () => {
  it("equals, after every row, what the whole history says", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const history = historyOf(steps);
        const view = emptyExperimentView(EXPERIMENT);
        for (const [index, { row }] of history.entries()) {
          foldExperiment(view, row);
          expect(actualOf(view)).toStrictEqual(expectedOf(history.slice(0, index + 1)));
        }
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("does not depend on the order in which rows of different files arrive", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 25 }),
        fc.array(fc.nat(), { minLength: 25, maxLength: 25 }),
        (steps, choices) => {
          const history = historyOf(steps);
          const view = emptyExperimentView(EXPERIMENT);
          for (const { row } of interleave(history, choices)) foldExperiment(view, row);
          expect(actualOf(view)).toStrictEqual(expectedOf(history));
        },
      ),
      { numRuns: 300, seed: 2 },
    );
  });
});

/** The rows of each file in their order, the files mixed as the choices say. */
function interleave(history: readonly History[], choices: readonly number[]): readonly History[] {
  const queues = [...Map.groupBy(history, ({ file }) => file).values()].map((rows) => [...rows]);
  return history.flatMap((_, index) => {
    const waiting = queues.filter((queue) => queue.length > 0);
    return waiting[(choices[index] ?? 0) % waiting.length]?.splice(0, 1) ?? [];
  });
}
