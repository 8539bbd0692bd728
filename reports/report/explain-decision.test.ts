import { describe, expect, it } from "vitest";

import { EXPERIMENT } from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import { FOUR_PAIRS, rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { decideExperiment } from "../gate/decide-experiment.ts";
import { DEFAULT_GATES } from "../looks/gate-file.ts";
import { LookFigures } from "../looks/look-figures.ts";
import type { Look } from "../looks/look.ts";
import { NO_COST } from "../looks/no-cost.ts";
import { takeLooks } from "../looks/take-looks.ts";
import { explainDecision, explainReasons } from "./explain-decision.ts";

const look: Look = {
  fingerprint: "1",
  nPairs: 7,
  windowsA: 8,
  windowsB: 9,
  ciWidth: 0.41236,
  zeroVariance: false,
  power: 0.61238,
  qualityRatio: 0.71236,
  criteria: {
    cost: NO_COST,
    quality: { point: false, fixed: "inconclusive", anytime: "inconclusive" },
    errors: { point: false, fixed: "inconclusive" },
    latency: { point: false, fixed: "inconclusive" },
    deterministicRegressions: 4,
  },
};

/** Every figure differs, so that a sentence that quotes another one is wrong. */
const figures = LookFigures.parse({
  costRatio: 1.71236,
  totalsRatio: 1.81236,
  qualityRatio: 0.31236,
  errorDifference: 0.051236,
  errorDifferenceCi90: [0.011236, 0.091236],
  latencyRatio: 1.61236,
  latencyRatioCi90: [1.11236, 1.91236],
  logETarget: Math.log(5),
  logESign: Math.log(6),
  logEQuality: Math.log(7),
  extraForCiWidth: 11,
  extraForPower: 12,
  extraForEvidence: 13,
  extraForQuality: 14,
  extraForTotals: 15,
});

const holds = [
  { hold: "missing_windows", is_held: true, explanation: "2 windows are missing." },
  { hold: "totals_evidence", is_held: true, explanation: "The totals do not show it." },
];
const context = { look, figures, gates: DEFAULT_GATES, backlogReadyBlocked: 1, holds };
const before = { ...context, look: null, figures: null };

type Reason = Parameters<typeof explainReasons>[0][number];

function explain(reason: Reason, given: Parameters<typeof explainReasons>[1] = context) {
  const [one] = explainReasons([reason], given);
  return [one?.reason, one?.explanation, one?.moreWindows];
}

/** Every reason with its explanation and the windows that would meet it. */
const EXPLAINED: readonly (readonly [Reason, string, number | null])[] = [
  ["stopped:experiment", "The experiment was halted as a whole.", null],
  ["stopped:cand", "cand was halted.", null],
  ["missing_windows", "2 windows are missing.", null],
  ["totals_evidence", "The totals do not show it.", 30],
  ["srm", "The orders occur in another ratio than assigned.", null],
  ["protocol_violation", "A pair was run in another order than assigned.", null],
  ["min_windows", "8 and 9 valid windows in 7 pairs; required are 3 a provider and 3 pairs.", 2],
  ["ci_not_finite", "The cost ratio has no interval yet.", 2],
  [
    "ci_width",
    "The 95 % interval of the cost ratio (fixed-n) is 0.4124 wide, relative to it; at most 0.3 is allowed.",
    22,
  ],
  ["zero_variance", "The cost ratios do not vary at all, as if data had been replayed.", null],
  [
    "capped",
    "The cost of a window that counts is a lower bound: its own budget stopped it, a request has no price, or an answer did not state its usage.",
    null,
  ],
  ["power", "Power is 0.6124; at least 0.8 is required.", 24],
  ["quality_ratio", "Quality is 0.7124 of the baseline's; at least 0.8 is required.", null],
  [
    "not_two_consecutive",
    "The last look qualifies, the one before it does not: two in a row, on different data, are required.",
    2,
  ],
  [
    "backlog",
    "A seat helps only if work waits for it: 1 ready features are blocked by capacity alone, and at least 2 are required. Record such work with experiment backlog ready FEATURE and experiment backlog block FEATURE --by capacity.",
    null,
  ],
  [
    "cost_point",
    "The cost ratio is 1.712 and that of the totals 1.812; both must be at least 2.",
    null,
  ],
  [
    "quality_point",
    "Quality is 0.3124 of the baseline's; at least 0.8, or no significant drop, is required.",
    null,
  ],
  ["errors_point", "The error rate is higher by 0.05124; at most 0.02 is allowed.", null],
  [
    "latency_point",
    "The 95th percentile of latency is 1.612 times the baseline's; at most 1.3 is allowed.",
    null,
  ],
  [
    "deterministic_regression",
    "4 tests pass with the baseline and fail with the candidate; none is allowed.",
    null,
  ],
  [
    "cost_evidence",
    "The evidence that the cost ratio is above 2 is E = 5 (anytime-valid); 20 is required.",
    26,
  ],
  [
    "cost_sign_evidence",
    "The evidence from signs alone that the typical ratio is above 2 is E = 6 (anytime-valid); 20 is required.",
    null,
  ],
  [
    "quality_evidence",
    "Quality is not confirmed: the evidence for at least 0.8 of the baseline's is E = 7 (anytime-valid); 20 is required.",
    28,
  ],
  [
    "errors_evidence",
    "The upper limit of the error difference (90 %, fixed-n) is 0.09124; at most 0.02 is allowed.",
    null,
  ],
  [
    "latency_evidence",
    "The upper limit of the latency ratio (90 %, fixed-n) is 1.912; at most 1.3 is allowed.",
    null,
  ],
  [
    "quality_contradicted",
    "The data speak against it: quality misses its threshold at the 95 % level.",
    null,
  ],
];

/** The same before the first look. */
const EXPLAINED_BEFORE: readonly (readonly [Reason, string, number | null])[] = [
  ["min_windows", "0 and 0 valid windows in 0 pairs; required are 3 a provider and 3 pairs.", 6],
  ["ci_not_finite", "The cost ratio has no interval yet.", 6],
  ["power", "Power is n/a (the data do not give it); at least 0.8 is required.", null],
  [
    "ci_width",
    "The 95 % interval of the cost ratio (fixed-n) is n/a (the data do not give it) wide, relative to it; at most 0.3 is allowed.",
    null,
  ],
  [
    "quality_ratio",
    "Quality is n/a (the data do not give it) of the baseline's; at least 0.8 is required.",
    null,
  ],
  [
    "cost_point",
    "The cost ratio is n/a (the data do not give it) and that of the totals n/a (the data do not give it); both must be at least 2.",
    null,
  ],
  [
    "quality_point",
    "Quality is n/a (the data do not give it) of the baseline's; at least 0.8, or no significant drop, is required.",
    null,
  ],
  [
    "errors_point",
    "The error rate is higher by n/a (the data do not give it); at most 0.02 is allowed.",
    null,
  ],
  [
    "latency_point",
    "The ratio of the 95th percentiles of latency is n/a: 4 features and 20 requests of each provider are required.",
    null,
  ],
  [
    "deterministic_regression",
    "0 tests pass with the baseline and fail with the candidate; none is allowed.",
    null,
  ],
  [
    "cost_evidence",
    "The evidence that the cost ratio is above 2 is E = n/a (the data do not give it) (anytime-valid); 20 is required.",
    null,
  ],
  [
    "cost_sign_evidence",
    "The evidence from signs alone that the typical ratio is above 2 is E = n/a (the data do not give it) (anytime-valid); 20 is required.",
    null,
  ],
  [
    "quality_evidence",
    "Quality is not confirmed: the evidence for at least 0.8 of the baseline's is E = n/a (the data do not give it) (anytime-valid); 20 is required.",
    null,
  ],
  [
    "errors_evidence",
    "The upper limit of the error difference (90 %, fixed-n) is n/a (the data do not give it); at most 0.02 is allowed.",
    null,
  ],
  [
    "latency_evidence",
    "The upper limit of the latency ratio (90 %, fixed-n) is n/a (the data do not give it); at most 1.3 is allowed.",
    null,
  ],
  ["totals_evidence", "The totals do not show it.", null],
];

describe("a reason", () => {
  it.each(EXPLAINED)(
    "%s says which number misses which threshold",
    (reason, explanation, moreWindows) => {
      expect(explain(reason)).toEqual([reason, explanation, moreWindows]);
    },
  );

  it.each(EXPLAINED_BEFORE)(
    "%s is explained before the first look",
    (reason, explanation, moreWindows) => {
      expect(explain(reason, before)).toEqual([reason, explanation, moreWindows]);
    },
  );

  it("of a look without intervals says so", () => {
    const unknown = { ...context, figures: LookFigures.parse({}) };
    expect(explain("errors_evidence", unknown)[1]).toContain(
      "(90 %, fixed-n) is n/a (the data do not give it);",
    );
    expect(explain("latency_evidence", unknown)[1]).toContain(
      "(90 %, fixed-n) is n/a (the data do not give it);",
    );
    expect(explain("cost_evidence", unknown)[1]).toContain(
      "is E = n/a (the data do not give it) (anytime-valid)",
    );
    expect(explain("latency_point", unknown)[1]).toBe(
      "The ratio of the 95th percentiles of latency is n/a: 4 features and 20 requests of each provider are required.",
    );
  });
});

describe("a reason in special cases", () => {
  it("counts families, if tasks name any", () => {
    const families = { ...context, look: { ...look, nFamilies: 2 } };
    expect(explain("min_windows", families)).toEqual([
      "min_windows",
      "8 and 9 valid windows in 7 pairs of 2 families; required are 3 a provider and 3 families.",
      2,
    ]);
    const gates = { ...DEFAULT_GATES, min_pairs: 6 };
    expect(explain("min_windows", { ...families, gates })[2]).toBe(8);
  });

  it.each([
    [{ min_windows: 12 }, 10],
    [{ min_pairs: 11 }, 8],
  ])("counts the pairs that %o still needs", (change, moreWindows) => {
    const gates = { ...DEFAULT_GATES, ...change };
    expect(explain("min_windows", { ...context, gates })[2]).toBe(moreWindows);
    expect(explain("ci_not_finite", { ...context, gates })[2]).toBe(moreWindows);
  });

  it.each([
    [20, "20 is enough for a single candidate only (Holm's method)."],
    [19.9, "20 is required."],
  ])("names Holm's method if one candidate alone had enough evidence: E = %d", (e, end) => {
    const enough = { ...context, figures: { ...figures, logETarget: Math.log(e) } };
    expect(explain("cost_evidence", enough)[1]).toContain(`; ${end}`);
  });

  it("quotes the level of the gates", () => {
    const gates = { ...DEFAULT_GATES, alpha: 0.25 };
    expect(explain("cost_contradicted", { ...context, gates })[1]).toContain("cost misses");
    expect(explain("cost_contradicted", { ...context, gates })[1]).toContain("the 75 % level");
    expect(explain("cost_evidence", { ...context, gates })[1]).toMatch(/; 4 is enough for a/u);
  });

  it("of a later version is shown by its name", () => {
    const { holds: _holds, ...older } = context;
    expect(explain("isolation", older)[1]).toContain("isolation misses its threshold");
  });
});

describe("a decision", () => {
  it("is explained by its last look and its own holds", async () => {
    const rows = rowsOf(FOUR_PAIRS);
    const evidence = gatherEvidence(await viewOf(rows));
    const [row] = takeLooks(evidence, DEFAULT_GATES);
    if (row === undefined) throw new Error("There is no look.");
    const view = await viewOf([...rows, ["looks", { ...row, power: 0.12346 }]]);
    const [decision] = decideExperiment({
      evidence: gatherEvidence(view),
      gates: DEFAULT_GATES,
      backlogReadyBlocked: 0,
    });
    if (decision === undefined) throw new Error("There is no decision.");
    const said = explainDecision(view, decision, DEFAULT_GATES);
    expect(said.map(({ reason }) => reason)).toEqual(decision.reasons);
    const textOf = (name: string) => said.find(({ reason }) => reason === name)?.explanation;
    expect(textOf("power")).toBe("Power is 0.1235; at least 0.8 is required.");
    expect(textOf("backlog")).toContain("0 ready features");
    // Quality is (1 + 0.5 + 1 + 0.75) / 4 of the baseline's.
    const low = { ...decision, reasons: ["quality_point", "carry_over"] };
    const [quality, carryover] = explainDecision(view, low, DEFAULT_GATES);
    expect(quality?.explanation).toContain("Quality is 0.8125 of");
    expect(carryover?.explanation).toContain("Carry-over is not testable");
  });

  it("is explained without a look, and without holds in an older row", async () => {
    const view = await viewOf(rowsOf([]));
    const [explained] = explainDecision(
      view,
      {
        record: "decision_made",
        experiment_id: EXPERIMENT,
        candidate: "cand",
        look: null,
        gates_sha256: "0".repeat(64),
        gates_version: 1,
        policy: "standard",
        verdict: "hold",
        g1: false,
        g2: false,
        g3: false,
        reasons: ["min_windows"],
        policies: {
          literal: { verdict: "hold", reasons: [] },
          standard: { verdict: "hold", reasons: [] },
          strict: { verdict: "hold", reasons: [] },
        },
        backlog_ready_blocked: 0,
        stopped: [],
        seat: null,
      },
      DEFAULT_GATES,
    );
    expect(explained).toMatchObject({ reason: "min_windows", moreWindows: 6 });
  });
});

it.each(["cost_point", "cost_evidence", "cost_sign_evidence"] as const)(
  "%s names no number if a cost is a lower bound",
  (reason) => {
    expect(explain(reason, { ...context, look: { ...look, capped: true } })).toEqual([
      reason,
      "A cost that counts is a lower bound, so nothing is decided about cost.",
      null,
    ]);
  },
);
