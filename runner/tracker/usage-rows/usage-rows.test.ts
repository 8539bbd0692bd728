import { expect, it } from "vitest";

import { readFact } from "../../../ledger/views/read-fact.ts";
import { stampRow } from "../../../ledger/views/test-support/stamp-row.ts";
import { churnRows, tokenRow, type WorkedWindow } from "./usage-rows.ts";

const UNSAID = {
  planned: null,
  actual: null,
  commits: null,
  lines: null,
  features: null,
  tests: null,
};
const WORDS = {
  phase: "mid",
  date: "2025-10-19",
  session: "s",
  task: "t",
  notes: "",
  ...UNSAID,
} as const;
const NO_ROWS = {
  before: undefined,
  after: undefined,
  unreadable: [],
  final: undefined,
  churn: undefined,
};
const TOTAL = { requests: 2, input_uncached: 100, output: 50, cache_read: 7 };

/** A window in which so many lines changed. */
function worked(insertions: number, feature = "f"): WorkedWindow {
  const key = { window: "W0-01", attempt: 1, provider: "codex" };
  const row = {
    record: "churn_measured",
    experiment_id: "manual",
    ...key,
    feature_id: feature,
    replicate: 1,
    period: 1,
    commit_start: "1a2b3c4",
    commit_end: "5d6e7f8",
    commits: 2,
    churn: { files_changed: 3, insertions, deletions: 4 },
    scenarios: 5,
  };
  const churn = readFact(stampRow(row, { seq: 1, id: "a" }))?.fact;
  if (churn?.kind !== "churn") throw new Error("This is no churn.");
  return { key: { agent: "main", ...key }, rows: { ...NO_ROWS, churn }, usage: TOTAL };
}

const UNKNOWN: WorkedWindow = { ...worked(0), rows: NO_ROWS, usage: undefined };

it("adds up what the ledger says about the windows", () => {
  expect(tokenRow(WORDS, [worked(10), worked(30, "g")], [])).toEqual({
    date: "2025-10-19",
    session: "s",
    task: "t",
    tokens_planned: null,
    tokens_actual: 300,
    delta: null,
    commits: 4,
    lines: 32,
    features: 2,
    tests: null,
    notes: "mid",
  });
});

it("prefers what a person says", () => {
  const said = { planned: 0, actual: 9, commits: 0, lines: 0, features: 0, tests: 3, notes: "n" };
  expect(tokenRow({ ...WORDS, ...said }, [worked(10)], [])).toMatchObject({
    tokens_planned: 0,
    tokens_actual: 9,
    delta: 9,
    commits: 0,
    lines: 0,
    features: 0,
    tests: 3,
    notes: "mid: n",
  });
});

it.each([
  ["no window", []],
  ["a window about which nothing is known", [worked(10), UNKNOWN]],
])("leaves sums of %s empty", (_, windows) => {
  const unknown = { tokens_actual: null, delta: null, commits: null, lines: null };
  expect(tokenRow({ ...WORDS, planned: 5 }, windows, [])).toMatchObject(unknown);
});

it("counts features of windows that name one", () => {
  expect(tokenRow(WORDS, [worked(10), worked(10), UNKNOWN], [])).toMatchObject({ features: 1 });
  expect(tokenRow(WORDS, [UNKNOWN], [])).toMatchObject({ features: null });
});

it("says nothing of the ledger in a plan", () => {
  const plan = { ...WORDS, phase: "plan", planned: 500 } as const;
  expect(tokenRow(plan, [worked(10)], [])).toMatchObject({
    tokens_planned: 500,
    tokens_actual: null,
    delta: null,
    commits: null,
    lines: null,
    features: null,
    notes: "plan",
  });
  expect(churnRows(plan, [worked(10)])).toEqual([]);
});

function rowAfter(former: readonly Readonly<Record<string, string>>[]) {
  return tokenRow(WORDS, [worked(10)], former);
}

it("takes the plan from the last row of the same session and task that has one", () => {
  const row = { session: "s", task: "t", tokens_planned: "400" };
  const others = [
    { ...row, session: "other", tokens_planned: "1" },
    { ...row, task: "other", tokens_planned: "2" },
    { ...row, tokens_planned: "" },
  ];
  const first = { ...row, tokens_planned: "3" };
  expect(rowAfter([first, row, ...others])).toMatchObject({ tokens_planned: 400, delta: -250 });
  expect(rowAfter(others)).toMatchObject({ tokens_planned: null, delta: null });
  expect(rowAfter([{ ...row, tokens_planned: "many" }])).toMatchObject({ tokens_planned: null });
});

it("has a row of each window whose churn is known", () => {
  const row = {
    date: "2025-10-19",
    window: "W0-01",
    provider: "codex",
    methodology: null,
    commits: 2,
    files: 3,
    insertions: 14,
    deletions: 4,
    net: 10,
    features: "f",
    normalized_churn: 2,
    notes: "mid",
  };
  expect(churnRows(WORDS, [worked(14), UNKNOWN])).toEqual([row]);
  expect(churnRows({ ...WORDS, commits: 9 }, [worked(14)])).toEqual([{ ...row, commits: 9 }]);
});
