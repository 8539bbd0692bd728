import { describe, expect, it } from "vitest";

import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import { interrupted, opened } from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import { enterAttempts, enterMissing } from "../evidence/resolved-pairs.ts";
import { rowsOf, type SamplePair, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { DEFAULT_GATES } from "../looks/gate-file.ts";
import { findHolds } from "./find-holds.ts";

const MISSING = { outcome: "infrastructure", quality: null };
const BOUND = { measure: "tokens", amount: 100, is_lower_bound: true };
/** As earlier versions recorded an answer without usage. */
const UNTOLD = { amount: null, known: 0, unpriced: [], untold: 1, reported: null };

/** Twelve pairs whose candidate is about four times cheaper, and these changes in the second one. */
function rowsWith(changes: SamplePair["changes"] = {}): readonly Filed[] {
  return rowsOf(
    Array.from({ length: 12 }, (_, index) => ({
      feature: `f${String(index).padStart(2, "0")}`,
      order: index % 2 === 0 ? ("AB" as const) : ("BA" as const),
      costs: { base: 8000 + 137 * (index % 5), cand: 2000 + 61 * (index % 7) },
      ...(index === 1 ? { changes } : {}),
    })),
  );
}

/** The same rows if the candidate's window of the second pair was tried before. */
function retried(end: Readonly<Record<string, unknown>>): readonly Filed[] {
  const cell = { window: "W0-03", provider: "cand", feature_id: "f01", period: 1 };
  return rowsWith().flatMap(([file, row]): readonly Filed[] =>
    row.record === "window_finalized" && row["window"] === "W0-03"
      ? [
          [file, interrupted(cell, 100, end)],
          [file, { ...row, attempt: 2 }],
        ]
      : [[file, row]],
  );
}

async function evidenceOf(rows: readonly Filed[]) {
  return gatherEvidence(await viewOf(rows));
}

async function holdOf(rows: readonly Filed[], name: string) {
  const holds = findHolds(await evidenceOf(rows), { gates: DEFAULT_GATES }).get("cand") ?? [];
  return holds.find(({ hold }) => hold === name);
}

describe("an attempt whose tokens are a lower bound", () => {
  it.each([
    ["says so", { cost: BOUND }],
    ["has an answer without usage, by an earlier version", { dollars: UNTOLD }],
  ])("has no known cost if its row %s", async (_, end) => {
    expect(await holdOf(retried({}), "attempts_cost")).toMatchObject({ is_held: false });
    const rows = retried(end);
    expect(enterAttempts(await evidenceOf(rows), "cand")).toMatchObject({ entered: 0, unknown: 1 });
    expect(await holdOf(rows, "attempts_cost")).toMatchObject({
      is_held: true,
      explanation:
        "What the attempts at 1 windows of the candidate cost is not known, or is a lower bound.",
    });
  });

  it("costs what it had spent if the harness was gone before its end", async () => {
    const rows = retried({ cost: BOUND, outcome: "interrupted", is_recovered: true });
    expect(enterAttempts(await evidenceOf(rows), "cand")).toMatchObject({ entered: 1, unknown: 0 });
    expect(await holdOf(rows, "attempts_cost")).toMatchObject({ is_held: false });
  });

  it("has no known cost while it runs", async () => {
    const cell = { window: "W0-03", provider: "cand", feature_id: "f01", period: 1, attempt: 2 };
    const rows: readonly Filed[] = [
      ...rowsWith({ cand: MISSING }),
      ["windows", opened(cell, { executed_order: 25 })],
    ];
    expect(enterMissing(await evidenceOf(rows), "cand")).toMatchObject({ entered: 0, unknown: 1 });
  });
});

describe("a missing window", () => {
  it.each([
    ["its own cost", { cand: { ...MISSING, cost: BOUND } }],
    ["its baseline's cost", { cand: MISSING, base: { cost: { ...BOUND, amount: 8137 } } }],
    ["its candidate's cost", { base: MISSING, cand: { outcome: "capped" } }],
  ])("is not entered at a lower bound: %s", async (_, changes) => {
    const rows = rowsWith(changes);
    expect(enterMissing(await evidenceOf(rows), "cand")).toMatchObject({ entered: 0, unknown: 1 });
    expect(await holdOf(rows, "missing_windows")).toMatchObject({
      is_held: true,
      explanation: "The cost of 1 missing windows is not known, or is a lower bound.",
    });
  });
});

describe("pairs with a cost that is a lower bound", () => {
  const bound = { base: { cost: { ...BOUND, amount: 8137 } } };

  it.each(["carry_over", "totals_evidence"])("are an obstacle by %s", async (name) => {
    expect(await holdOf(rowsWith(bound), name)).toMatchObject({
      is_held: true,
      explanation: "A cost that counts is a lower bound, so nothing is decided about cost.",
    });
  });

  it("do not meet the criteria with all attempts either", async () => {
    const rows = retried({}).map(([file, row]): Filed =>
      row["window"] === "W0-04" && row.record === "window_finalized"
        ? [file, { ...row, ...bound.base }]
        : [file, row],
    );
    expect(await holdOf(rows, "attempts_cost")).toMatchObject({
      is_held: true,
      explanation:
        "1 windows of the candidate were entered with the cost of all their attempts: a cost that counts is a lower bound.",
    });
  });
});
