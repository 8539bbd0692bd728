import { describe, expect, it } from "vitest";

import { MANUAL } from "../../ledger/domain/design.ts";
import { manualClock } from "../../ledger/store/test-support/manual-clock.ts";
import { openExperimentView } from "../../ledger/views/open-view.ts";
import { createSampleLedger, type Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import {
  EXPERIMENT,
  registered,
  registration,
} from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import { looksAt } from "../evidence/looks-at.ts";
import { FOUR_PAIRS, rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { DEFAULT_GATES } from "./gate-file.ts";
import { NO_COST } from "./no-cost.ts";
import { readLook, rejudge, takeLooks } from "./take-looks.ts";

const ROWS = rowsOf(FOUR_PAIRS);

async function evidenceOf(rows: readonly Filed[]) {
  return gatherEvidence(await viewOf(rows));
}

async function lookOf(rows: readonly Filed[]) {
  const [row] = takeLooks(await evidenceOf(rows), DEFAULT_GATES);
  if (row === undefined) throw new Error("There is no look.");
  return row;
}

describe("the row of a look", () => {
  // The figures come from scipy 1.17.1 and the formulas of the method.
  it("has what the gates read", async () => {
    const { figures, fingerprint, ci_width, power, ...row } = await lookOf(ROWS);
    expect(row).toEqual({
      record: "look_taken",
      experiment_id: EXPERIMENT,
      candidate: "cand",
      n_pairs: 4,
      windows_baseline: 4,
      windows_candidate: 4,
      zero_variance: false,
      capped: false,
      quality_ratio: 0.8125,
      criteria: {
        cost: { point: true, fixed: "inconclusive", anytime: "inconclusive", sign: "inconclusive" },
        quality: { point: true, fixed: "inconclusive", anytime: "inconclusive" },
        errors: { point: true, fixed: "inconclusive" },
        latency: { point: false, fixed: "inconclusive" },
        deterministic_regressions: 0,
      },
      srm_alarm: false,
      protocol_violations: 0,
      seed: "42",
    });
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/u);
    expect(ci_width).toBeCloseTo(1.731724752576118, 10);
    expect(power).toBeCloseTo(0.6597685676541197, 10);
    expect(figures).toMatchObject({ pairsAB: 2, pairsBA: 2, costRatio: 2.17793858735 });
    expect(figures["logETarget"]).not.toBeNull();
  });
});

describe("the row of a look at marked windows", () => {
  it("counts families, capped windows and violations of the order", async () => {
    const tasks = ["cache", "queue", "rate", "tree"].map((id, index) => ({
      id,
      family: index < 2 ? "stores" : null,
    }));
    const orders: Readonly<Record<string, number>> = { "W0-01": 2, "W0-02": 1 };
    const rows = withRegistration(ROWS, { tasks }).map(([file, row]): Filed => {
      const order = orders[String(row["window"])];
      const capped = row["window"] === "W0-06" && row.record === "window_finalized";
      return [
        file,
        {
          ...row,
          ...(order === undefined ? {} : { executed_order: order }),
          ...(capped ? { outcome: "capped" } : {}),
        },
      ];
    });
    expect(await lookOf(rows)).toMatchObject({
      n_families: 3,
      n_pairs: 4,
      capped: true,
      protocol_violations: 1,
    });
  });
});

it.each([true, false])("a look with a cost that is a lower bound (%j) says so", async (isPart) => {
  const rows = ROWS.map(([file, row]): Filed => {
    const isIts = row["window"] === "W0-06" && row.record === "window_finalized";
    const cost = { measure: "tokens", amount: 3000, is_lower_bound: isPart };
    return [file, isIts ? { ...row, cost } : row];
  });
  expect((await lookOf(rows)).capped).toBe(isPart);
});

it.each(["base", "cand"])(
  "a look decides nothing about cost if a cost of %s is a lower bound",
  async (provider) => {
    const costs = { base: 2000, cand: 9000 };
    const pairs = Array.from({ length: 14 }, (_, index) => ({
      feature: `f${index}`,
      order: index % 2 === 0 ? ("AB" as const) : ("BA" as const),
      costs: { base: costs.base + index, cand: costs.cand + 3 * index },
    }));
    const exact = rowsOf(pairs);
    const known = await lookOf(exact);
    expect(known.criteria.cost).toMatchObject({ fixed: "contradicted", anytime: "contradicted" });
    const rows = exact.map(([file, row]): Filed => {
      if (row.record !== "window_finalized" || row["provider"] !== provider) return [file, row];
      return [file, { ...row, cost: { ...Object(row["cost"]), is_lower_bound: true } }];
    });
    expect((await lookOf(rows)).criteria.cost).toEqual(NO_COST);
    // Earlier versions recorded such looks with a finding.
    expect(readLook({ ...known, capped: true }).criteria.cost).toEqual(NO_COST);
  },
);

describe("the row of a look in special cases", () => {
  it("has an alarm if pairs went missing by order, but not of manual windows", async () => {
    // Twelve pairs of one order: E = 2¹² / 13, and the threshold asks for 1 / 0.01.
    const rows = rowsOf(
      Array.from({ length: 12 }, (_, index) => ({
        feature: `f${index}`,
        order: "AB" as const,
        costs: { base: 8000 + index, cand: 2000 },
      })),
    );
    const evidence = await evidenceOf(rows);
    const gates = { ...DEFAULT_GATES, srm_threshold: 0.01 };
    expect(takeLooks(evidence, gates)).toMatchObject([{ srm_alarm: true }]);
    expect(takeLooks(evidence, DEFAULT_GATES)).toMatchObject([{ srm_alarm: false }]);
    const manual = { ...evidence, design: MANUAL };
    expect(takeLooks(manual, gates)).toMatchObject([{ srm_alarm: false }]);
  });

  it("of manual windows whose costs can't be compared has no figure of costs", async () => {
    // With a cap there is evidence on the totals too.
    const tasks = [{ id: "f00", title: null, stratum: null, digest: null, tokens_max: 120_000 }];
    const rows = ROWS.map(([file, row]): Filed =>
      row.record === "experiment_registered"
        ? [file, registered({ registration: registration({ tasks }) })]
        : [file, row],
    );
    const evidence = await evidenceOf(rows);
    const asked = { ...evidence.asked, is_cost_comparable: false };
    expect(takeLooks({ ...evidence, asked }, DEFAULT_GATES)).toEqual([]);
    const [row] = takeLooks({ ...evidence, design: MANUAL, asked }, DEFAULT_GATES);
    const open = "inconclusive";
    expect(row?.criteria.cost).toEqual({ point: false, fixed: open, anytime: open, sign: open });
    expect(row?.criteria.quality.point).toBe(true);
    const { figures } = await lookOf(rows);
    const lost = Object.entries(figures)
      .filter(([name, value]) => value !== null && row?.figures[name] === null)
      .map(([name]) => name);
    expect(lost).toEqual([
      "costRatio",
      "costRatioCi95",
      "costRatioCs95",
      "totalsRatio",
      "totalsRatioCi95",
      "adversePairs",
      "adverseShareUpper95",
      "firstPeriodRatio",
      "firstPeriodRatioCi95",
      "logE1",
      "logETarget",
      "logESign",
      "logETotals",
    ]);
  });
});

describe("a recorded look", () => {
  it("is none without a baseline", async () => {
    const evidence = await evidenceOf(ROWS);
    const asked = { ...evidence.asked, baseline: null };
    expect(takeLooks({ ...evidence, asked }, DEFAULT_GATES)).toEqual([]);
  });

  it("is read as the gates read it", async () => {
    const row = await lookOf(ROWS);
    const { deterministic_regressions: _number, ...criteria } = row.criteria;
    const expected = {
      fingerprint: row.fingerprint,
      nPairs: 4,
      windowsA: 4,
      windowsB: 4,
      ciWidth: row.ci_width,
      zeroVariance: false,
      capped: false,
      power: row.power,
      qualityRatio: 0.8125,
      criteria: { ...criteria, deterministicRegressions: 0 },
    };
    expect(readLook(row)).toStrictEqual(expected);
    expect(row).not.toHaveProperty("n_families");
    expect(readLook({ ...row, n_families: 3 })).toEqual({ ...expected, nFamilies: 3 });
  });
});

/** The rows with these fields in their registration. */
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

const THREE = ["base", "cand", "next"];

/** Twelve pairs, whose candidate is given the same windows as a second one that costs `factor` as much. */
function withSecond(factor: number): readonly Filed[] {
  const pairs = Array.from({ length: 12 }, (_, index) => ({
    feature: `f${String(index).padStart(2, "0")}`,
    order: index % 2 === 0 ? ("AB" as const) : ("BA" as const),
    costs: { base: 8000 + 900 * (index % 5), cand: 2600 + 700 * (index % 4) },
  }));
  const providers = THREE.map((id) => ({ id }));
  return withRegistration(rowsOf(pairs), { providers }).flatMap(([file, row]): readonly Filed[] => {
    if (row.record === "feature_assigned") {
      const isAB = row["sequence"] === "AB";
      return [[file, { ...row, providers: isAB ? THREE : THREE.toReversed() }]];
    }
    if (!("window" in row) || row["provider"] !== "cand") return [[file, row]];
    const amount = Number(Object(row["cost"]).amount) * factor;
    const next = {
      ...row,
      provider: "next",
      window: `N-${String(row["window"])}`,
      ...("cost" in row ? { cost: { measure: "tokens", amount, is_lower_bound: false } } : {}),
    };
    return [
      [file, row],
      [file, next],
    ];
  });
}

/** Evidence of rows that were written a second after one another. */
async function evidenceInTime(rows: readonly Filed[]) {
  const clock = manualClock();
  const store = createSampleLedger(clock);
  for (const [file, row] of rows) {
    await store.append(file, [row]);
    clock.advance(1000);
  }
  return gatherEvidence(openExperimentView(store, EXPERIMENT));
}

function eOf(figures: Readonly<Record<string, unknown>>): number {
  return Math.exp(Number(figures["logETarget"]));
}

/** The verdict on cost of the first candidate's look at a multiple of its own p-value. */
async function judgedAt(multiple: number, looks: readonly ("cand" | "next")[], factor: number) {
  const rows = withSecond(factor);
  const taken = takeLooks(await evidenceOf(rows), DEFAULT_GATES);
  const given = looks.flatMap((name) => taken.filter(({ candidate }) => candidate === name));
  const evidence = await evidenceInTime([...rows, ...given.map((row): Filed => ["looks", row])]);
  const [fact] = looksAt(evidence.view, "cand");
  if (fact === undefined) throw new Error("There is no look.");
  const alpha = multiple / eOf(fact.look.figures);
  return rejudge(evidence, fact, { ...DEFAULT_GATES, alpha }).criteria.cost.anytime;
}

describe("a look that is judged again", () => {
  it("counts every registered candidate, with p = 1 before its first look", async () => {
    expect(await judgedAt(2.01, ["cand"], 0.5)).toBe("confirmed");
    expect(await judgedAt(1.99, ["cand"], 0.5)).toBe("inconclusive");
  });

  it("takes each other candidate with its last look up to that moment", async () => {
    // The other candidate's evidence is stronger, so this one's p-value counts once.
    expect(await judgedAt(1.01, ["next", "cand"], 0.5)).toBe("confirmed");
    expect(await judgedAt(1.99, ["cand", "next"], 0.5)).toBe("inconclusive");
    expect(await judgedAt(1.99, ["next", "cand"], 1.5)).toBe("inconclusive");
  });

  it("takes looks that were written at once as one moment", async () => {
    const rows = withSecond(0.5);
    const taken = takeLooks(await evidenceOf(rows), DEFAULT_GATES);
    expect(taken.map(({ candidate }) => candidate)).toEqual(["cand", "next"]);
    const evidence = await evidenceOf([...rows, ...taken.map((row): Filed => ["looks", row])]);
    const [fact] = looksAt(evidence.view, "cand");
    if (fact === undefined) throw new Error("There is no look.");
    const gates = { ...DEFAULT_GATES, alpha: 1.01 / eOf(fact.look.figures) };
    expect(rejudge(evidence, fact, gates).criteria.cost.anytime).toBe("confirmed");
  });
});

describe("the data of a look that is judged again", () => {
  it("goes back to the pairs that it had", async () => {
    const half = await lookOf(rowsOf(FOUR_PAIRS.slice(0, 2)));
    const evidence = await evidenceOf([...ROWS, ["looks", half]]);
    const [fact] = looksAt(evidence.view, "cand");
    if (fact === undefined) throw new Error("There is no look.");
    const again = rejudge(evidence, fact, { ...DEFAULT_GATES, quality_min: 0.7 });
    expect(again).toMatchObject({ fingerprint: half.fingerprint, nPairs: 2, qualityRatio: 0.75 });
    expect(again.criteria.quality.point).toBe(true);
    expect(half.criteria.quality.point).toBe(false);
  });

  it("stays as recorded if the ledger no longer has its pairs", async () => {
    const row = { ...(await lookOf(ROWS)), fingerprint: "0".repeat(64) };
    const evidence = await evidenceOf([...ROWS, ["looks", row]]);
    const [fact] = looksAt(evidence.view, "cand");
    if (fact === undefined) throw new Error("There is no look.");
    expect(rejudge(evidence, fact, { ...DEFAULT_GATES, cost_target: 8 })).toEqual(readLook(row));
  });

  it("has no verdict on costs that can't be compared", async () => {
    const row = await lookOf(ROWS);
    const evidence = await evidenceOf([...ROWS, ["looks", row]]);
    const [fact] = looksAt(evidence.view, "cand");
    if (fact === undefined) throw new Error("There is no look.");
    const apart = { ...evidence, asked: { ...evidence.asked, is_cost_comparable: false } };
    expect(rejudge(apart, fact, DEFAULT_GATES).criteria.cost).toEqual(NO_COST);
    expect(rejudge(evidence, fact, DEFAULT_GATES).criteria).toEqual(readLook(row).criteria);
  });
});

/** The p-value of sign flips, which are random beyond 20 features. */
async function lookWith(seed: string | null) {
  const pairs = Array.from({ length: 21 }, (_, index) => ({
    feature: `f${index}`,
    order: "AB" as const,
    costs: { base: 8000, cand: 4000 },
    quality: { base: (index % 5) / 5, cand: (index % 7) / 7 },
  }));
  const evidence = await evidenceOf(rowsOf(pairs));
  const asked = { ...evidence.asked, seed };
  const [row] = takeLooks({ ...evidence, asked }, DEFAULT_GATES);
  return { seed: row?.seed, p: row?.figures["qualityKeptSignFlipP"] };
}

describe("the seed of a look", () => {
  it("is the experiment's, and empty if it has none", async () => {
    const [one, other, none, empty] = [
      await lookWith("42"),
      await lookWith("43"),
      await lookWith(null),
      await lookWith(""),
    ];
    expect([one.seed, other.seed, none.seed]).toEqual(["42", "43", ""]);
    expect(new Set([one.p, other.p, none.p]).size).toBe(3);
    expect(none.p).toBe(empty.p);
  });
});

describe("new looks", () => {
  it("are taken at the candidates whose data have changed", async () => {
    const rows = withSecond(0.5);
    const [, next] = takeLooks(await evidenceOf(rows), DEFAULT_GATES);
    if (next === undefined) throw new Error("There is no second look.");
    const again = takeLooks(await evidenceOf([...rows, ["looks", next]]), DEFAULT_GATES);
    expect(again.map(({ candidate }) => candidate)).toEqual(["cand"]);
    // Data that an earlier look had, and the last one had not, are new again.
    const other: Filed = ["looks", { ...next, fingerprint: "0".repeat(64) }];
    const back = takeLooks(await evidenceOf([...rows, ["looks", next], other]), DEFAULT_GATES);
    expect(back.map(({ candidate }) => candidate)).toEqual(["cand", "next"]);
  });

  it("need a pair", async () => {
    const missing = { outcome: "infrastructure", quality: null };
    const rows = rowsOf(FOUR_PAIRS.map((pair) => ({ ...pair, changes: { base: missing } })));
    expect(takeLooks(await evidenceOf(rows), DEFAULT_GATES)).toEqual([]);
  });
});
