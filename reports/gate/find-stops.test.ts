import { describe, expect, it } from "vitest";

import type { LookTaken } from "../../ledger/domain/look.ts";
import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import { anomaly, EXPERIMENT, sessionOpened } from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import { FOUR_PAIRS, rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { changedHalts, currentHalts, findStops, gateStops } from "./find-stops.ts";

/** The candidate's windows are W0-02, W0-03, W0-06 and W0-07, in the order of their execution. */
const ROWS = rowsOf(FOUR_PAIRS);

const LOOK: LookTaken = {
  record: "look_taken",
  experiment_id: EXPERIMENT,
  candidate: "cand",
  fingerprint: "0".repeat(64),
  n_pairs: 4,
  windows_baseline: 4,
  windows_candidate: 4,
  ci_width: 0.2,
  zero_variance: false,
  capped: false,
  power: 0.9,
  quality_ratio: 1,
  criteria: {
    cost: { point: true, fixed: "confirmed", anytime: "confirmed", sign: "confirmed" },
    quality: { point: true, fixed: "confirmed", anytime: "confirmed" },
    errors: { point: true, fixed: "confirmed" },
    latency: { point: true, fixed: "confirmed" },
    deterministic_regressions: 0,
  },
  figures: { pairsAB: 2, pairsBA: 2 },
  srm_alarm: false,
  protocol_violations: 0,
  seed: "42",
};

async function evidenceOf(rows: readonly Filed[]) {
  return gatherEvidence(await viewOf(rows));
}

/** The stops that rows add to those of the sample experiment. */
async function stopsOf(added: readonly Filed[]) {
  return findStops(await evidenceOf([...ROWS, ...added]), []);
}

function backwards(...windows: readonly string[]): readonly Filed[] {
  return windows.map((window) => ["anomalies", anomaly([window], { kind: "negative-delta" })]);
}

describe("a meter that goes backwards", () => {
  it("halts its arm at the second of three windows in a row", async () => {
    expect(await stopsOf(backwards("W0-02", "W0-06"))).toEqual([
      {
        provider: "cand",
        rule: "negative_delta",
        reason:
          "At W0-06, 2 of 3 windows in a row had a meter that went backwards within one reset period.",
        release: "Find out what resets the meter, undo the anomalies that were wrong, and resume.",
      },
    ]);
    expect(await stopsOf(backwards("W0-04", "W0-01"))).toMatchObject([
      { provider: "base", reason: expect.stringContaining("At W0-04,") },
    ]);
  });

  it.each([
    ["once", ["W0-02"]],
    ["in windows too far apart", ["W0-02", "W0-07"]],
    ["once with each provider", ["W0-01", "W0-02"]],
  ])("halts nothing if it does so %s", async (_, windows) => {
    expect(await stopsOf(backwards(...windows))).toEqual([]);
  });

  it("is not any other anomaly", async () => {
    const other: Filed = ["anomalies", anomaly(["W0-02", "W0-03"], { kind: "late-after" })];
    expect(await stopsOf([other, ...backwards("W0-06")])).toEqual([]);
  });

  it("is looked for among final windows alone", async () => {
    const rows = ROWS.filter(
      ([, row]) => row.record !== "window_finalized" || row["window"] !== "W0-03",
    );
    const evidence = await evidenceOf([...rows, ...backwards("W0-02", "W0-07")]);
    expect(findStops(evidence, [])).toMatchObject([{ rule: "negative_delta" }]);
    const running = await evidenceOf([...rows, ...backwards("W0-02", "W0-03")]);
    expect(findStops(running, [])).toEqual([]);
  });

  it("is looked for in the order of execution", async () => {
    // The schedule's last pair ran first: the candidate's windows are then 07, 02, 03 and 06.
    const rows = ROWS.map(([file, row]): Filed => {
      const order = Number(row["executed_order"]);
      return [file, { ...row, executed_order: order > 6 ? order - 6 : order + 2 }];
    });
    const seen = async (...windows: readonly string[]) =>
      findStops(await evidenceOf([...rows, ...backwards(...windows)]), []);
    expect(await seen("W0-07", "W0-03")).toMatchObject([
      { rule: "negative_delta", reason: expect.stringContaining("At W0-03,") },
    ]);
    expect(await seen("W0-07", "W0-06")).toEqual([]);
  });
});

describe("the orders of pairs", () => {
  it("halt the experiment by the last look's alarm", async () => {
    const alarm: Filed = ["looks", { ...LOOK, srm_alarm: true }];
    expect(await stopsOf([["looks", LOOK], alarm])).toEqual([
      {
        provider: null,
        rule: "srm",
        reason:
          "The orders of cand's pairs occur in another ratio than assigned: windows went missing for a reason.",
        release:
          "Nothing in this experiment: find out why windows are missing and register another one.",
      },
    ]);
    expect(await stopsOf([alarm, ["looks", LOOK]])).toEqual([]);
  });

  it("halt the experiment where a pair was run in another order than assigned", async () => {
    const orders: Readonly<Record<string, number>> = { "W0-01": 2, "W0-02": 1 };
    const rows = ROWS.map(([file, row]): Filed => {
      const order = orders[String(row["window"])];
      return [file, order === undefined ? row : { ...row, executed_order: order }];
    });
    expect(findStops(await evidenceOf(rows), [])).toEqual([
      {
        provider: null,
        rule: "protocol_violation",
        reason: "1 of the pairs were run in another order than assigned.",
        release:
          "Nothing in this experiment: find out what changed the order and register another one.",
      },
    ]);
  });
});

describe("an interval that is not finite", () => {
  const wide = { ...LOOK, ci_width: null, n_pairs: 3, figures: { pairsAB: 2, pairsBA: 1 } };

  it("halts the arm from three pairs in both orders", async () => {
    expect(await stopsOf([["looks", wide]])).toEqual([
      {
        provider: "cand",
        rule: "interval_not_finite",
        reason: "The cost ratio of 3 pairs in both orders has no finite interval.",
        release: "Correct or undo the windows whose costs are impossible, and resume.",
      },
    ]);
    expect(await stopsOf([["looks", { ...wide, n_families: 3 }]])).toHaveLength(1);
  });

  it.each([
    ["two pairs", { n_pairs: 2, figures: { pairsAB: 1, pairsBA: 1 } }],
    ["pairs of one order", { figures: { pairsAB: 3, pairsBA: 0 } }],
    ["pairs of the other order", { figures: { pairsAB: 0, pairsBA: 3 } }],
    ["pairs whose orders were not recorded", { figures: {} }],
    ["pairs with one order that was not recorded", { figures: { pairsAB: 2 } }],
    ["pairs with the other order not recorded", { figures: { pairsBA: 2 } }],
    ["pairs of two families", { n_families: 2 }],
    ["an interval", { ci_width: 9 }],
  ])("does not stop for %s", async (_, change) => {
    expect(await stopsOf([["looks", { ...wide, ...change }]])).toEqual([]);
  });
});

const against = {
  cost: {
    ...LOOK,
    criteria: { ...LOOK.criteria, cost: { ...LOOK.criteria.cost, anytime: "contradicted" } },
  },
  errors: {
    ...LOOK,
    criteria: { ...LOOK.criteria, errors: { point: false, fixed: "contradicted" } },
  },
  /** Fixed-n evidence, which looks after every window would overrate. */
  fixedCost: {
    ...LOOK,
    criteria: { ...LOOK.criteria, cost: { ...LOOK.criteria.cost, fixed: "contradicted" } },
  },
  /** As earlier versions recorded it. */
  bounds: {
    ...LOOK,
    capped: true,
    criteria: { ...LOOK.criteria, cost: { ...LOOK.criteria.cost, anytime: "contradicted" } },
  },
} as const;

describe("evidence to the contrary", () => {
  it("halts the arm at two looks in a row", async () => {
    const release = "Nothing in this experiment: change the provider and register another one.";
    expect(
      await stopsOf([
        ["looks", LOOK],
        ["looks", against.cost],
        ["looks", against.cost],
      ]),
    ).toEqual([
      {
        provider: "cand",
        rule: "cost_contradicted",
        reason:
          "At two looks in a row the data contradict that the candidate is as much cheaper as required.",
        release,
      },
    ]);
    expect(
      await stopsOf([
        ["looks", against.errors],
        ["looks", against.errors],
      ]),
    ).toEqual([
      {
        provider: "cand",
        rule: "errors_contradicted",
        reason:
          "At two looks in a row the data contradict that the candidate has no more errors than allowed.",
        release,
      },
    ]);
  });

  it.each([
    ["one look", [against.cost]],
    ["the last look alone", [LOOK, against.cost]],
    ["the look before alone", [against.cost, LOOK]],
    ["two earlier looks", [against.cost, against.cost, LOOK]],
    ["looks at different criteria", [against.cost, against.errors]],
    ["looks at a fixed number of pairs", [against.fixedCost, against.fixedCost]],
    ["looks at lower bounds", [against.bounds, against.bounds]],
    ["a last look at lower bounds", [against.cost, against.bounds]],
  ])("halts nothing by %s", async (_, looks) => {
    expect(await stopsOf(looks.map((look) => ["looks", look]))).toEqual([]);
  });
});

const HALT = {
  record: "arm_halted",
  experiment_id: EXPERIMENT,
  provider: "cand",
  rule: "operator: tokens>1",
  reason: "cand has tokens 2.",
  release: "Resume without it.",
};
const RELEASED = {
  record: "arm_released",
  experiment_id: EXPERIMENT,
  provider: "cand",
  rule: "operator: tokens>1",
};

describe("the halts on record", () => {
  it("are the last row of each arm and rule, in the order of these rows", async () => {
    const other = { ...HALT, provider: null };
    const view = await viewOf([
      ["decisions", HALT],
      ["decisions", other],
      ["decisions", RELEASED],
      ["decisions", { ...HALT, rule: "srm" }],
      ["decisions", { ...HALT, reason: "cand has tokens 3." }],
    ]);
    expect(currentHalts(view)).toEqual([
      { provider: null, rule: HALT.rule, reason: HALT.reason, release: HALT.release },
      { provider: "cand", rule: "srm", reason: HALT.reason, release: HALT.release },
      { provider: "cand", rule: HALT.rule, reason: "cand has tokens 3.", release: HALT.release },
    ]);
    expect(
      currentHalts(
        await viewOf([
          ["decisions", HALT],
          ["decisions", RELEASED],
        ]),
      ),
    ).toEqual([]);
  });

  it("change by what holds now", async () => {
    const view = await viewOf([
      ["decisions", HALT],
      ["decisions", { ...HALT, rule: "srm" }],
    ]);
    const [gone, standing] = currentHalts(view);
    if (gone === undefined || standing === undefined) throw new Error("There are no halts.");
    const added = { ...standing, provider: "base" };
    expect(changedHalts(view, [standing, added])).toEqual({ halted: [added], released: [gone] });
  });

  it("shut the gate if an operator set them, in addition to the stops that the data show", async () => {
    const settings = { stop_when: ["tokens>1", "nonsense"] };
    const rows: readonly Filed[] = [
      ...ROWS,
      ["experiments", sessionOpened({ session_id: "session-2", settings })],
      ["decisions", HALT],
      ["decisions", { ...HALT, provider: null }],
      ["decisions", { ...HALT, rule: "negative_delta" }],
    ];
    const stops = gateStops(await evidenceOf(rows));
    expect(stops.map(({ provider, rule }) => [provider, rule])).toEqual([
      [null, "operator: tokens>1"],
      ["cand", "operator: tokens>1"],
    ]);
    expect(stops.map(({ reason }) => reason)).toEqual([
      "The experiment has tokens 41000.",
      "cand has tokens 2.",
    ]);
  });
});
