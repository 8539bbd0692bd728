import { describe, expect, it } from "vitest";

import type { LookTaken } from "../../ledger/domain/look.ts";
import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import {
  EXPERIMENT,
  registered,
  registration,
} from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import {
  FOUR_PAIRS,
  rowsOf,
  type SamplePair,
  viewOf,
} from "../evidence/test-support/sample-experiment.ts";
import { DEFAULT_GATES, gateFileSha256 } from "../looks/gate-file.ts";
import { takeLooks } from "../looks/take-looks.ts";
import { decideExperiment } from "./decide-experiment.ts";
import { readRules } from "./rules-at-moment.ts";

/** A look that meets everything; its fingerprint and number of pairs are those given. */
function look(place: number, changes: Readonly<Record<string, unknown>> = {}): Filed {
  const taken: LookTaken = {
    record: "look_taken",
    experiment_id: EXPERIMENT,
    candidate: "cand",
    fingerprint: String(place).repeat(64),
    n_pairs: 10 + place,
    windows_baseline: 12,
    windows_candidate: 12,
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
    figures: {},
    srm_alarm: false,
    protocol_violations: 0,
    seed: "42",
  };
  return ["looks", { ...taken, ...changes }];
}

const ROWS = rowsOf(FOUR_PAIRS);

/** The rows with this registration in place of theirs. */
function registeredWith(changes: Readonly<Record<string, unknown>>, rows = ROWS): readonly Filed[] {
  return rows.map(([file, row]): Filed =>
    row.record === "experiment_registered"
      ? [file, registered({ registration: registration(changes) })]
      : [file, row],
  );
}

async function decide(rows: readonly Filed[], gates = DEFAULT_GATES, backlogReadyBlocked = 2) {
  const evidence = gatherEvidence(await viewOf(rows));
  return decideExperiment({ evidence, gates, backlogReadyBlocked });
}

describe("a decision", () => {
  it("expands by the last two looks, with one seat, and says what it rests on", async () => {
    const view = await viewOf([...ROWS, look(1), look(2)]);
    const [decision, ...others] = decideExperiment({
      evidence: gatherEvidence(view),
      gates: DEFAULT_GATES,
      backlogReadyBlocked: 2,
    });
    const last = [...view.looks.values()].at(-1);
    expect(others).toEqual([]);
    const { holds, policies, ...rest } = decision ?? {};
    expect(rest).toEqual({
      record: "decision_made",
      experiment_id: EXPERIMENT,
      candidate: "cand",
      look: last?.id,
      gates_sha256: gateFileSha256(DEFAULT_GATES),
      gates_version: 1,
      policy: "standard",
      verdict: "expand",
      g1: true,
      g2: true,
      g3: true,
      reasons: [],
      backlog_ready_blocked: 2,
      stopped: [],
      seat: { provider: "cand", seats: 1 },
    });
    expect(policies).toEqual({
      literal: { verdict: "expand", reasons: [] },
      standard: { verdict: "expand", reasons: [] },
      // The tasks of the sample have no cap on tokens.
      strict: { verdict: "hold", reasons: ["totals_evidence"] },
    });
    expect(holds?.map(({ hold, is_held }) => [hold, is_held])).toEqual([
      ["missing_windows", false],
      ["attempts_cost", false],
      ["carry_over", false],
      ["totals_evidence", true],
      ["isolation", false],
    ]);
  });
});

describe("a decision by recorded looks", () => {
  it.each<readonly [string, readonly Filed[], readonly string[]]>([
    ["one look", [look(1)], ["not_two_consecutive"]],
    ["one look twice", [look(1), look(1, { n_pairs: 12 })], ["not_two_consecutive"]],
    ["a bad look before the last two", [look(1, { power: 0.1 }), look(2), look(3)], []],
    [
      "a bad look before the last",
      [look(1), look(2, { power: 0.1 }), look(3)],
      ["not_two_consecutive"],
    ],
    ["a bad look at the end", [look(1), look(2), look(3, { power: 0.1 })], ["power"]],
    [
      "an alarm at the last look",
      [look(1), look(2, { srm_alarm: true })],
      ["srm", "stopped:experiment"],
    ],
    ["an alarm that is over", [look(1, { srm_alarm: true }), look(2)], []],
  ])("with %s has the reasons of the gate", async (_, looks, reasons) => {
    const [decision] = await decide([...ROWS, ...looks]);
    expect(decision?.reasons).toEqual(reasons);
    expect(decision?.verdict === "expand").toBe(reasons.length === 0);
  });

  it("without a look cites none", async () => {
    const [decision] = await decide(ROWS);
    expect(decision).toMatchObject({ look: null, verdict: "hold", seat: null });
    expect(decision?.reasons[0]).toBe("min_windows");
  });

  it("needs as many blocked features as the gates ask for", async () => {
    const [decision] = await decide([...ROWS, look(1), look(2)], DEFAULT_GATES, 1);
    expect(decision).toMatchObject({ g2: false, reasons: ["backlog"], backlog_ready_blocked: 1 });
  });

  it("is held by what the windows of the moment show", async () => {
    const open = FOUR_PAIRS.map((pair): SamplePair => ({
      ...pair,
      changes: { cand: { agent_isolation: "none" } },
    }));
    const gates = { ...DEFAULT_GATES, policy: "strict" as const };
    const [decision] = await decide([...rowsOf(open), look(1), look(2)], gates);
    expect(decision).toMatchObject({ verdict: "hold", policy: "strict", is_amended: true });
    expect(decision?.reasons).toEqual(expect.arrayContaining(["totals_evidence", "isolation"]));
  });

  it("is the same as the rules of the moment give", async () => {
    const view = await viewOf([...ROWS, look(1), look(2)]);
    const rules = readRules(view);
    const evidence = gatherEvidence(view);
    const given = { gates: DEFAULT_GATES, backlogReadyBlocked: 2 };
    expect(rules.decide(given)).toEqual(decideExperiment({ ...given, evidence }));
    expect(rules.takeLooks(DEFAULT_GATES)).toHaveLength(1);
    expect(rules.findDegenerate()).toEqual([]);
    expect(rules.findStops([])).toEqual([]);
  });
});

const provider = (id: string, routes: readonly unknown[] = []) => ({ id, routes });
const OF_SUBAGENTS = [{ when: { prompt: "x" } }, { when: { subagent: true } }];

describe("the seat", () => {
  const looks = [
    look(1),
    look(2),
    look(3, { candidate: "other" }),
    look(4, { candidate: "other" }),
  ];
  const seatsWith = async (providers: readonly unknown[], given = looks) =>
    (await decide([...registeredWith({ providers }), ...given])).map(({ candidate, seat }) => [
      candidate,
      seat?.provider ?? null,
    ]);

  it("goes to the first candidate that may expand", async () => {
    const providers = [provider("base"), provider("cand"), provider("other")];
    expect(await seatsWith(providers)).toEqual([
      ["cand", "cand"],
      ["other", null],
    ]);
    expect(await seatsWith(providers, looks.slice(2))).toEqual([
      ["cand", null],
      ["other", "other"],
    ]);
  });

  it("goes before others to a candidate for the requests of sub-agents", async () => {
    const providers = [provider("base"), provider("cand"), provider("other", OF_SUBAGENTS)];
    expect(await seatsWith(providers)).toEqual([
      ["cand", null],
      ["other", "other"],
    ]);
    const elsewhere = [
      provider("base", OF_SUBAGENTS),
      provider("cand"),
      provider("other", [{ when: { subagent: false } }]),
    ];
    expect(await seatsWith(elsewhere)).toEqual([
      ["cand", "cand"],
      ["other", null],
    ]);
  });
});

describe("candidates that were not registered", () => {
  it("come after those that were, with no routes", async () => {
    const rows = registeredWith({ providers: [provider("base"), provider("cand")] }).map(
      ([file, row]): Filed =>
        row.record === "feature_assigned"
          ? [file, { ...row, providers: [...Object(row["providers"]), "other"] }]
          : [file, row],
    );
    const looks = [look(1), look(2)].flatMap((taken) => [taken, forOther(taken)]);
    const seats = (await decide([...rows, ...looks])).map(({ seat }) => seat?.provider ?? null);
    expect(seats).toEqual(["cand", null]);
    const alone = await decide([
      ...rows,
      ...looks.filter((taken) => taken[1]["candidate"] === "other"),
    ]);
    expect(alone.map(({ seat }) => seat?.provider ?? null)).toEqual([null, "other"]);
  });

  it("have no holds if costs can't be compared", async () => {
    const evidence = gatherEvidence(await viewOf(ROWS));
    const asked = { ...evidence.asked, is_cost_comparable: false };
    const [decision] = decideExperiment({
      evidence: { ...evidence, asked },
      gates: DEFAULT_GATES,
      backlogReadyBlocked: 2,
    });
    expect(decision?.holds).toEqual([]);
  });
});

function forOther([file, row]: Filed): Filed {
  return [file, { ...row, candidate: "other" }];
}

function halt(of: string | null): Filed {
  return [
    "decisions",
    {
      record: "arm_halted",
      experiment_id: EXPERIMENT,
      provider: of,
      rule: "operator: tokens>1",
      reason: "It has.",
      release: "Resume.",
    },
  ];
}

describe("the arms that were stopped", () => {
  it("are those that the candidate is compared in, and the experiment", async () => {
    const providers = [provider("base"), provider("cand"), provider("other")];
    const rows = [...registeredWith({ providers }), halt(null), halt("other"), halt("cand")];
    const [cand, other] = await decide([...rows, halt("base")]);
    expect(cand?.stopped).toEqual(["base", "cand", "experiment"]);
    expect(other?.stopped).toEqual(["base", "experiment", "other"]);
    expect(cand?.reasons.slice(0, 3)).toEqual([
      "stopped:base",
      "stopped:cand",
      "stopped:experiment",
    ]);
  });
});

describe("gates that were not registered", () => {
  it("judge the recorded looks again", async () => {
    const [row] = takeLooks(gatherEvidence(await viewOf(ROWS)), DEFAULT_GATES);
    if (row === undefined) throw new Error("There is no look.");
    const rows: readonly Filed[] = [...ROWS, ["looks", row]];
    const [same] = await decide(rows);
    expect(same?.reasons).not.toContain("cost_point");
    expect(same).not.toHaveProperty("is_amended");
    const gates = { ...DEFAULT_GATES, cost_target: 8 };
    const [other] = await decide(rows, gates);
    expect(other?.reasons).toContain("cost_point");
    expect(other).toMatchObject({ is_amended: true, gates_sha256: gateFileSha256(gates) });
    const [frozen] = await decide([...registeredWith({ gates }, rows)], gates);
    expect(frozen).not.toHaveProperty("is_amended");
  });
});
