import { describe, expect, it } from "vitest";

import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import {
  interrupted,
  registered,
  registration,
} from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import { enterAttempts, enterMissing } from "../evidence/resolved-pairs.ts";
import { rowsOf, type SamplePair, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { findHolds } from "./find-holds.ts";
import { DEFAULT_GATES } from "./gate-file.ts";

/** Pairs whose candidate is about four times cheaper; `change` says what differs in one of them. */
function pairsOf(count: number, change: (index: number) => Partial<SamplePair>): SamplePair[] {
  return Array.from({ length: count }, (_, index) => ({
    feature: `f${String(index).padStart(2, "0")}`,
    order: index % 2 === 0 ? ("AB" as const) : ("BA" as const),
    costs: { base: 8000 + 137 * (index % 5), cand: 2000 + 61 * (index % 7) },
    ...change(index),
  }));
}

const MISSING = { outcome: "infrastructure", quality: null };

async function evidenceOf(rows: readonly Filed[]) {
  return gatherEvidence(await viewOf(rows));
}

async function holdOf(rows: readonly Filed[], name: string) {
  const holds = findHolds(await evidenceOf(rows), DEFAULT_GATES).get("cand") ?? [];
  return holds.find(({ hold }) => hold === name);
}

describe("missing windows", () => {
  it("are entered at the larger of both costs with quality 0, and a baseline's as equal", async () => {
    const costs = [
      { base: 8000, cand: 9000 },
      { base: 8000, cand: 3000 },
    ];
    const pairs = pairsOf(6, (index) => ({
      ...(costs[index] === undefined ? {} : { costs: costs[index] }),
      ...(index < 2 ? { changes: { cand: MISSING } } : {}),
      ...(index === 2 ? { changes: { base: MISSING } } : {}),
      ...(index === 3 ? { changes: { base: MISSING, cand: MISSING } } : {}),
    }));
    const { windows, entered, unknown } = enterMissing(await evidenceOf(rowsOf(pairs)), "cand");
    expect([entered, unknown]).toEqual([3, 0]);
    const [dear, cheap, lost] = windows.slice(-3);
    expect(dear).toMatchObject({ feature: "f00", provider: "cand", cost: 9000, quality: 0 });
    expect(cheap).toMatchObject({ feature: "f01", provider: "cand", cost: 8000, quality: 0 });
    const own = windows.find(({ feature, provider }) => feature === "f02" && provider === "cand");
    expect(lost).toMatchObject({ provider: "base", cost: own?.cost, quality: 1 });
  });

  it("hold if cost or quality is not met with them, and not otherwise", async () => {
    const lose = (every: number) =>
      rowsOf(pairsOf(20, (index) => (index % every === 1 ? { changes: { cand: MISSING } } : {})));
    expect(await holdOf(lose(100), "missing_windows")).toMatchObject({
      is_held: false,
      explanation: expect.stringContaining("1 missing windows were entered"),
    });
    expect(await holdOf(lose(3), "missing_windows")).toMatchObject({
      is_held: true,
      explanation: expect.stringContaining("quality is 0.65 of the baseline's"),
    });
    const ruined = { changes: { cand: MISSING }, costs: { base: 8000, cand: 200_000 } };
    const rows = rowsOf(pairsOf(20, (index) => (index === 1 ? ruined : {})));
    expect(await holdOf(rows, "missing_windows")).toMatchObject({
      is_held: true,
      explanation: expect.stringContaining("that of the totals 0."),
    });
    expect(await holdOf(rowsOf(pairsOf(20, () => ({}))), "missing_windows")).toMatchObject({
      is_held: false,
      explanation: "No window that matters is missing.",
    });
  });

  it("hold if what they spent is not known", async () => {
    const cost = { measure: "usd", amount: null, is_lower_bound: false };
    const rows = rowsOf(
      pairsOf(20, (index) => (index === 5 ? { changes: { cand: { ...MISSING, cost } } } : {})),
    ).map(([file, row]): Filed =>
      row.record === "experiment_registered"
        ? [file, registered({ registration: registration({ analysis: { cost: "usd" } }) })]
        : [
            file,
            row.record === "window_finalized" && row["outcome"] === "pass" ? inDollars(row) : row,
          ],
    );
    expect(await holdOf(rows, "missing_windows")).toMatchObject({
      is_held: true,
      explanation: "The cost of 1 missing windows is not known.",
    });
  });
});

function inDollars(row: Filed[1]): Filed[1] {
  return { ...row, cost: { ...Object(row["cost"]), measure: "usd" } };
}

/** The rows of an experiment in which every window of the provider was first tried in vain. */
function retried(provider: "base" | "cand", tokens: number): readonly Filed[] {
  return rowsOf(pairsOf(20, () => ({}))).flatMap(([file, row]): readonly Filed[] => {
    if (row.record !== "window_finalized" || row["provider"] !== provider) return [[file, row]];
    const cell = {
      window: String(row["window"]),
      provider,
      feature_id: String(row["feature_id"]),
      period: Number(row["period"]),
    };
    return [
      [file, interrupted(cell, tokens)],
      [file, { ...row, attempt: 2 }],
    ];
  });
}

describe("earlier attempts", () => {
  it("count with the candidate's final one", async () => {
    const { windows, entered } = enterAttempts(await evidenceOf(retried("cand", 500)), "cand");
    expect(entered).toBe(20);
    const first = windows.filter(({ feature }) => feature === "f00").map(({ cost }) => cost);
    expect(first.toSorted((a, b) => a - b)).toEqual([2500, 8000]);
  });

  it("hold if the candidate is too dear with them", async () => {
    expect(await holdOf(retried("cand", 500), "attempts_cost")).toMatchObject({ is_held: false });
    const held = await holdOf(retried("cand", 4000), "attempts_cost");
    expect(held).toMatchObject({ is_held: true });
    expect(held?.explanation).toContain("the cost ratio is 1.3");
  });

  it("of the baseline do not count", async () => {
    expect(await holdOf(retried("base", 50_000), "attempts_cost")).toMatchObject({
      is_held: false,
      explanation: "No window of the candidate was tried more than once.",
    });
  });
});

/** Every two pairs become one feature in both orders. */
function inBothOrders(second: (index: number) => number): readonly Filed[] {
  const pairs = pairsOf(20, (index) => ({ costs: { base: 8000, cand: second(index) } }));
  return rowsOf(pairs).map(([file, row]): Filed => {
    const index = Number(String(row["feature_id"]).slice(1));
    if (Number.isNaN(index)) return [file, row];
    const feature_id = `f${index - (index % 2)}`;
    return [file, { ...row, feature_id, replicate: 1 + (index % 2) }];
  });
}

describe("carry-over", () => {
  it.each([
    [
      "p of 0.001",
      (index: number) => (index % 2 === 0 ? 2080 : 2000) + 9 * ((7 * index) % 11),
      true,
    ],
    [
      "p of 0.02",
      (index: number) => (index % 2 === 0 ? 2050 : 2000) + 9 * ((7 * index) % 11),
      false,
    ],
    ["none", (index: number) => 2000 + 10 * (index % 3), false],
  ])("with %s", async (_, second, isHeld) => {
    const hold = await holdOf(inBothOrders(second), "carry_over");
    expect(hold?.explanation).toContain("Within 10 features in both orders");
    expect(hold?.is_held).toBe(isHeld);
  });

  it("is not testable without both orders in a feature, and says what would have been found", async () => {
    const hold = await holdOf(rowsOf(pairsOf(20, () => ({}))), "carry_over");
    expect(hold?.is_held).toBe(false);
    expect(hold?.explanation).toMatch(
      /not testable.+factor of 1\.\d+ with 80 % power.+first period/u,
    );
  });
});

describe("the evidence on totals", () => {
  it.each([
    [8600, false],
    [120_000, true],
    [8000, true],
    [null, true],
  ])("with a cap of %s tokens holds: %s", async (tokens_max, isHeld) => {
    const tasks = [{ id: "f00", title: null, stratum: null, digest: null, tokens_max }];
    const rows = rowsOf(pairsOf(20, () => ({}))).map(([file, row]): Filed =>
      row.record === "experiment_registered"
        ? [file, registered({ registration: registration({ tasks }) })]
        : [file, row],
    );
    expect(await holdOf(rows, "totals_evidence")).toMatchObject({ is_held: isHeld });
  });
});

describe("a sandbox", () => {
  it.each([
    ["none", true],
    ["bubblewrap", false],
    [null, false],
  ])("of kind %s holds: %s", async (agent_isolation, isHeld) => {
    const rows = rowsOf(pairsOf(4, () => ({ changes: { cand: { agent_isolation } } })));
    expect(await holdOf(rows, "isolation")).toMatchObject({ is_held: isHeld });
  });
});
