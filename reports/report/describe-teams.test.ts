import { describe, expect, it } from "vitest";

import { openExperimentView } from "../../ledger/views/open-view.ts";
import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import { appendAll, createSampleLedger } from "../../ledger/views/test-support/sample-ledger.ts";
import {
  type Cell,
  EXPERIMENT,
  turned,
  undone,
} from "../../ledger/views/test-support/sample-rows.ts";
import { FOUR_PAIRS, rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { teamRows } from "../evidence/test-support/sample-team.ts";
import { buildReport } from "./build-report.ts";

/** The windows of `cand` among the four pairs. */
const CELLS: readonly Cell[] = [
  ["W0-02", "cache", 2],
  ["W0-03", "queue", 1],
  ["W0-06", "rate", 2],
  ["W0-07", "tree", 1],
].map(([window, feature, period]) => ({
  window: String(window),
  provider: "cand",
  feature_id: String(feature),
  period: Number(period),
}));
const [CACHE = { window: "", provider: "", feature_id: "", period: 1 }] = CELLS;

async function teamsOf(rows: readonly Filed[]) {
  return buildReport(await viewOf([...rowsOf(FOUR_PAIRS), ...rows])).teams;
}

describe("what a team spent", () => {
  it("is grouped by the kind of handoff, in shares of all turns", async () => {
    const teams = await teamsOf(teamRows(CACHE));
    const [team] = teams?.providers ?? [];
    expect(team).toMatchObject({
      provider: "cand",
      windows: 1,
      spent: { turns: 6, tokens: 1000, dollars: null, duration_ms: 360_000 },
    });
    expect(team?.phases.map(({ phase, turns, tokens }) => [phase, turns, tokens])).toEqual([
      ["planning", 1, 100],
      ["building", 2, 600],
      ["reviewing", 2, 250],
      ["documenting", 1, 50],
    ]);
    expect(team?.phases.map(({ cost_share }) => cost_share)).toEqual([0.1, 0.6, 0.25, 0.05]);
    // Round 2 of both roles, and the first review.
    expect(team?.rework).toMatchObject({ rounds: 1, turns: 2, tokens: 150, cost_share: 0.15 });
    expect(team?.review_loop).toMatchObject({ turns: 3, tokens: 350, cost_share: 0.35 });
  });

  it("counts a turn without a handoff with its role, then by its command, then as other", async () => {
    const none = { handoff: null, end: "crashed" as const, reason: "It ended with code 1." };
    const byRole = await teamsOf(
      teamRows(CACHE, { turn: (turn) => (turn === 5 ? { ...none, command: "/odd" } : {}) }),
    );
    expect(byRole?.windows[0]?.turns[4]?.phase).toBe("reviewing");
    const alone = await teamsOf([
      ["handoffs", turned(CACHE, { ...none, role: "one", command: "/plan" })],
      ["handoffs", turned(CACHE, { ...none, role: "two", command: "/odd", turn: 2 })],
    ]);
    expect(alone?.windows[0]?.turns.map(({ phase }) => phase)).toEqual(["planning", "other"]);
  });

  it("knows no dollars if a turn has no price", async () => {
    const priced = await teamsOf(teamRows(CACHE, { turn: () => ({ dollars: 0.25 }) }));
    expect(priced?.providers[0]?.spent.dollars).toBe(1.5);
    const partly = await teamsOf(
      teamRows(CACHE, { turn: (turn) => ({ dollars: turn === 1 ? null : 0.25 }) }),
    );
    expect(partly?.providers[0]?.spent.dollars).toBeNull();
    expect(partly?.providers[0]?.phases.map(({ dollars }) => dollars)).toEqual([
      null,
      0.5,
      0.5,
      0.25,
    ]);
  });
});

describe("what a team bought", () => {
  it("adds up findings, lines, deliverables, refusals and breaches over its windows", async () => {
    const finding = { number: 2, name: "b", file: "b", line: 1, resolved_in_round: null };
    const open = { ...finding, status: "open" as const, found_in_round: 2 };
    const rows = CELLS.slice(0, 2).flatMap((cell, index) =>
      teamRows(cell, {
        turn: (turn) => (turn === 1 ? { refused_handoffs: [["a"], ["b"]], breach_count: 3 } : {}),
        retrospective: {
          findings: index === 0 ? [] : [open, { ...open, number: 3, found_in_round: 1 }],
          changed_lines: index === 0 ? 60 : 61,
          deliverables: index === 0 ? ["usage", "usage"] : ["usage", "reference", "examples"],
        },
      }),
    );
    const teams = await teamsOf(rows);
    expect(teams?.providers[0]).toMatchObject({
      windows: 2,
      rework: { rounds: 2 },
      findings: { found: 2, resolved: 0, first_found: 1, first_resolved: 0 },
      handoffs_refused: 4,
      breaches: 6,
      lines: { windows: 2, planned: 120, changed: 121, over: 1 },
      deliverables: { made: 4, possible: 10 },
    });
  });

  it("compares quality before and after the review in windows that have both", async () => {
    const qualities = [
      [0.5, 1],
      [0.75, 0.5],
      [null, 1],
      [1, 1],
    ] as const;
    const rows = CELLS.flatMap((cell, index) => {
      const [before = null, after = null] = qualities[index] ?? [];
      return teamRows(cell, {
        retrospective: { quality_before_review: before, quality_after_review: after },
      });
    });
    expect((await teamsOf(rows))?.providers[0]?.quality).toEqual({
      windows: 3,
      before_review: 0.75,
      after_review: 0.833333333333,
      improved: 1,
      worsened: 1,
    });
  });
});

describe("windows and rows that count", () => {
  it("is nothing without a team", async () => {
    expect(await teamsOf([])).toBeNull();
  });

  it("leaves out earlier attempts, and counts a turn once that was written twice", async () => {
    const again = turned({ ...CACHE, attempt: 2 }, { role: "planner", requests: 9 });
    const pairs = FOUR_PAIRS.map((pair, index) =>
      index === 0 ? { ...pair, changes: { cand: { attempt: 2 } } } : pair,
    );
    const rows = [...rowsOf(pairs), ...teamRows(CACHE)];
    const twice: readonly Filed[] = [
      ["handoffs", again],
      ["handoffs", again],
    ];
    const { teams } = buildReport(await viewOf([...rows, ...twice]));
    expect(teams?.windows.map(({ turns }) => turns.length)).toEqual([1]);
    expect(teams?.providers[0]?.retrospectives).toBe(0);
  });

  it("leaves out rows that were undone", async () => {
    const store = createSampleLedger();
    await appendAll(store, rowsOf(FOUR_PAIRS));
    const written = await appendAll(store, teamRows(CACHE));
    const dead = written.map(({ id }): Filed => ["handoffs", undone(id)]);
    await appendAll(store, dead.slice(1));
    const { teams } = buildReport(openExperimentView(store, EXPERIMENT));
    expect(teams?.windows[0]?.turns.map(({ role }) => role)).toEqual(["planner"]);
    expect(teams?.providers[0]?.retrospectives).toBe(0);
    await appendAll(store, dead.slice(0, 1));
    expect(buildReport(openExperimentView(store, EXPERIMENT)).teams).toBeNull();
  });

  it("shows a missing window's turns, and leaves them out of the figures", async () => {
    const changes = { cand: { outcome: "provider_limit", quality: null } };
    const pairs = FOUR_PAIRS.map((pair, index) => (index === 0 ? { ...pair, changes } : pair));
    const rows = [...rowsOf(pairs), ...teamRows(CACHE)];
    const { teams } = buildReport(await viewOf(rows));
    expect(teams?.providers[0]).toMatchObject({ windows: 0, spent: { turns: 0 }, phases: [] });
    expect(teams?.windows[0]?.turns).toHaveLength(6);
  });
});

describe("a team against a provider that works alone", () => {
  it("turns the ratio to team ÷ solo, and says what the review loop cost and moved", async () => {
    const candidate = (await teamsOf(CELLS.flatMap((cell) => teamRows(cell))))?.against_solo;
    expect(candidate).toMatchObject([{ team: "cand", solo: "base", pairs: 4, solo_quality: 1 }]);
    expect(candidate?.[0]?.cost_ratio).toBeCloseTo(1 / 2.178, 3);
    expect(candidate?.[0]?.text).toBe(
      "In 4 pairs the team cand cost 0.4591 times as much as base, with a lower mean quality (0.813 against 1.000); its review loop took 35.0 % of what it spent; and its mean quality went from 0.500 before the review to 1.000 at the end, in 4 windows.",
    );
    const base = { ...CACHE, window: "W0-01", provider: "base", period: 1 };
    const baseline = (await teamsOf(teamRows(base)))?.against_solo;
    expect(baseline).toMatchObject([{ team: "base", solo: "cand", team_quality: 1 }]);
    expect(baseline?.[0]?.cost_ratio).toBeCloseTo(2.178, 3);
  });

  it("is silent about two teams", async () => {
    const base = { ...CACHE, window: "W0-01", provider: "base", period: 1 };
    expect((await teamsOf([...teamRows(base), ...teamRows(CACHE)]))?.against_solo).toEqual([]);
  });
});
