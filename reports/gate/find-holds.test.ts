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
import { DEFAULT_GATES } from "../looks/gate-file.ts";
import { findHolds } from "./find-holds.ts";

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
  const holds = findHolds(await evidenceOf(rows), { gates: DEFAULT_GATES }).get("cand") ?? [];
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
      explanation: "The cost of 1 missing windows is not known, or is a lower bound.",
    });
  });
});

function inDollars(row: Filed[1]): Filed[1] {
  return { ...row, cost: { ...Object(row["cost"]), measure: "usd" } };
}

/** The rows of an experiment in which every window of the provider was first tried in vain. */
function retried(
  provider: "base" | "cand",
  tokens: number,
  pairs = pairsOf(20, () => ({})),
): readonly Filed[] {
  return rowsOf(pairs).flatMap(([file, row]): readonly Filed[] => {
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

/** Six pairs whose ratio is above the target, without evidence of it; each was tried twice. */
const WEAK = [3600, 2500, 4400, 3000, 3900, 2800].map((cand, index): SamplePair => ({
  feature: `f${index}`,
  order: index % 2 === 0 ? "AB" : "BA",
  costs: { base: 8000, cand },
}));

const TWELVE = pairsOf(12, () => ({}));

describe("the explanation of a hold", () => {
  // E, ratio and totals by numpy from the formulas of section 9.1 of the method.
  it("names the criteria that earlier attempts leave unmet", async () => {
    const entered = "12 windows of the candidate were entered with the cost of all their attempts";
    expect((await holdOf(retried("cand", 500, TWELVE), "attempts_cost"))?.explanation).toBe(
      `${entered}: the criteria are met with them.`,
    );
    expect((await holdOf(retried("cand", 4000, TWELVE), "attempts_cost"))?.explanation).toBe(
      `${entered}: the evidence on cost is E = 0.06763, the cost ratio is 1.338 and that of the totals 1.338.`,
    );
    const weak = await holdOf(retried("cand", 100, WEAK), "attempts_cost");
    expect(weak).toEqual({
      hold: "attempts_cost",
      is_held: true,
      explanation:
        "6 windows of the candidate were entered with the cost of all their attempts: the evidence on cost is E = 15.11.",
    });
  });

  it("says that the cost of an attempt is not known", async () => {
    const cost = { measure: "usd", amount: null, is_lower_bound: false };
    const rows = inUsd(retried("cand", 500, TWELVE)).map(([file, row], index): Filed =>
      row.record === "window_interrupted" && index < 40 ? [file, { ...row, cost }] : [file, row],
    );
    const unknown = rows.filter(
      ([, row]) => row.record === "window_interrupted" && Object(row["cost"]).amount === null,
    );
    expect(await holdOf(rows, "attempts_cost")).toMatchObject({
      is_held: true,
      explanation: `What the attempts at ${unknown.length} windows of the candidate cost is not known, or is a lower bound.`,
    });
  });

  it("cost nothing in dollars if no model answered", async () => {
    const refused = await holdOf(unanswered("provider_limit"), "attempts_cost");
    expect(refused).toMatchObject({ is_held: false });
    const lost = await holdOf(unanswered("interrupted"), "attempts_cost");
    expect(lost).toMatchObject({ is_held: true });
  });
});

/** The candidate's windows in dollars, each after an attempt that no model answered. */
function unanswered(outcome: string): readonly Filed[] {
  return inUsd(retried("cand", 500, TWELVE)).map(([file, row]): Filed => {
    if (row.record !== "window_interrupted") return [file, row];
    const cost = { measure: "usd", amount: null, is_lower_bound: false };
    return [file, { ...row, outcome, cost, usage: { requests: 0 } }];
  });
}

describe("the explanation of carry-over", () => {
  it("without pairs says that nothing can be said", async () => {
    expect(await holdOf(rowsOf([]), "carry_over")).toEqual({
      hold: "carry_over",
      is_held: false,
      explanation:
        "Carry-over is not testable: no features have both orders. The comparison between features, p = n/a (the data do not give it), would have found a factor of n/a (the data do not give it) with 80 % power.",
    });
    const one = await holdOf(rowsOf(pairsOf(1, () => ({}))), "carry_over");
    expect(one?.explanation).toMatch(
      /p = n\/a \(the data do not give it\), would have found a factor of n\/a \(the data do not give it\) with 80 % power\.$/u,
    );
  });

  it("of replicates in one order says that nothing can be said either", async () => {
    const rows = inBothOrders(() => 2000).map(([file, row]): Filed => {
      if (row.record !== "feature_assigned") return [file, row];
      return [file, { ...row, sequence: "AB", providers: ["base", "cand"] }];
    });
    const hold = await holdOf(rows, "carry_over");
    expect(hold?.explanation).toMatch(
      /not testable.+p = n\/a \(the data do not give it\).+factor of n\/a \(the data do not give it\) with 80 % power\.$/u,
    );
  });
});

describe("the explanation of isolation", () => {
  it("counts the windows without a sandbox", async () => {
    const rows = rowsOf(
      pairsOf(4, (index) => (index < 3 ? { changes: { cand: { agent_isolation: "none" } } } : {})),
    );
    expect(await holdOf(rows, "isolation")).toEqual({
      hold: "isolation",
      is_held: true,
      explanation: "3 counted windows ran without a sandbox.",
    });
  });
});

describe("the explanation of the evidence on totals", () => {
  // E and the features by numpy from the betting e-process of section 9.3 of the method.
  it.each([
    [8600, "6.489", "7"],
    [12_000, "3.845", "14"],
    [120_000, "1.144", "227"],
    [1_000_000, "1.016", "more than 500"],
  ])("with a cap of %d says E = %s and %s more", async (tokens_max, e, extra) => {
    const tasks = [{ id: "f00", title: null, stratum: null, digest: null, tokens_max }];
    const rows = withRegistration(rowsOf(TWELVE), { tasks });
    expect((await holdOf(rows, "totals_evidence"))?.explanation).toBe(
      `The evidence that the ratio of totals is above 2 is E = ${e} (anytime-valid); 20 is required, and as things stand needs ${extra} more features.`,
    );
  });

  it("says why there is none", async () => {
    const rows = rowsOf(pairsOf(4, () => ({})));
    expect(await holdOf(rows, "totals_evidence")).toEqual({
      hold: "totals_evidence",
      is_held: true,
      explanation:
        "The evidence on totals is not available: a compared task has no tokens_max, or a window cost more than it.",
    });
    expect(await holdOf(inUsd(rows), "totals_evidence")).toEqual({
      hold: "totals_evidence",
      is_held: true,
      explanation: "The evidence on totals is not available: it needs costs in tokens.",
    });
  });
});

describe("the holds of several candidates", () => {
  it("are judged for each with its own windows", async () => {
    const rows = withThird(retried("cand", 4000, TWELVE));
    const holds = findHolds(await evidenceOf(rows), { gates: DEFAULT_GATES });
    const heldOf = (candidate: string) =>
      holds.get(candidate)?.find(({ hold }) => hold === "attempts_cost")?.is_held;
    expect([...holds.keys()]).toEqual(["cand", "third"]);
    expect([heldOf("cand"), heldOf("third")]).toEqual([true, false]);
  });

  it("are none without a baseline or without comparable costs", async () => {
    const evidence = await evidenceOf(rowsOf(pairsOf(4, () => ({}))));
    const { asked } = evidence;
    expect(findHolds(evidence, { gates: DEFAULT_GATES }).size).toBe(1);
    expect(
      findHolds({ ...evidence, asked: { ...asked, baseline: null } }, { gates: DEFAULT_GATES })
        .size,
    ).toBe(0);
    const apart = { ...asked, is_cost_comparable: false };
    expect(findHolds({ ...evidence, asked: apart }, { gates: DEFAULT_GATES }).size).toBe(0);
  });
});

/** The same rows with a third provider, which has no windows. */
function withThird(rows: readonly Filed[]): readonly Filed[] {
  return withRegistration(rows, { providers: ["base", "cand", "third"].map((id) => ({ id })) });
}

function withRegistration(
  rows: readonly Filed[],
  changes: Readonly<Record<string, unknown>>,
): readonly Filed[] {
  return rows.map(([file, row]): Filed =>
    row.record === "experiment_registered"
      ? [file, registered({ registration: registration(changes) })]
      : [file, row],
  );
}

/** The same rows of an experiment whose costs are in dollars. */
function inUsd(rows: readonly Filed[]): readonly Filed[] {
  return withRegistration(rows, { analysis: { cost: "usd" } }).map(([file, row]): Filed =>
    "cost" in row ? [file, inDollars(row)] : [file, row],
  );
}
