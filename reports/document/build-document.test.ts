import { describe, expect, it } from "vitest";

import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import { anomaly, assigned, registered } from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import { FOUR_PAIRS, rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { teamRows } from "../evidence/test-support/sample-team.ts";
import { decideExperiment } from "../gate/decide-experiment.ts";
import { DEFAULT_GATES } from "../looks/gate-file.ts";
import { takeLooks } from "../looks/take-looks.ts";
import { buildReport } from "../report/build-report.ts";
import { attentionSection } from "./attention-section.ts";
import { buildDocument } from "./build-document.ts";
import type { ReportDocument } from "./document.ts";
import {
  conflictsIn,
  namedValues,
  sectionsOf,
  tablesOf,
  unexplainedIn,
  unreasonedIn,
  vagueIntervalsIn,
} from "./test-support/walk-document.ts";

/** The rows with looks and decisions that they lead to. */
async function decided(rows: readonly Filed[]): Promise<readonly Filed[]> {
  const gates = DEFAULT_GATES;
  const looks = takeLooks(gatherEvidence(await viewOf(rows)), gates);
  const looked = [...rows, ...looks.map((look): Filed => ["looks", look])];
  const evidence = gatherEvidence(await viewOf(looked));
  const decisions = decideExperiment({ evidence, gates, backlogReadyBlocked: 0 });
  return [...looked, ...decisions.map((decision): Filed => ["decisions", decision])];
}

const PLANNED: readonly Filed[] = [
  ["assignments", assigned("cache", ["base", "cand"])],
  ["experiments", registered()],
];

const CAPPED = FOUR_PAIRS.map((pair) => ({ ...pair, changes: { cand: { outcome: "capped" } } }));

const TEAM = { window: "W0-02", provider: "cand", feature_id: "cache", period: 2 };

const UNKNOWN = {
  quality_before_review: null,
  quality_after_review: null,
  planned_lines_max: null,
};

const LITTLE_KNOWN = teamRows(TEAM, {
  turn: () => ({ usage: { requests: 0 }, duration_ms: 0, handoff: null, churn: null }),
  retrospective: { ...UNKNOWN, changed_lines: null, findings: [] },
});

const CASES: readonly (readonly [string, () => Promise<readonly Filed[]>])[] = [
  ["four pairs", async () => rowsOf(FOUR_PAIRS)],
  ["four pairs with a decision", () => decided(rowsOf(FOUR_PAIRS))],
  ["one pair with a decision", () => decided(rowsOf(FOUR_PAIRS.slice(0, 1)))],
  ["windows that were cut short", () => decided(rowsOf(CAPPED))],
  ["an anomaly", async () => [...rowsOf(FOUR_PAIRS), ["anomalies", anomaly(["W0-03"])]]],
  ["a team", async () => [...rowsOf(FOUR_PAIRS), ...teamRows(TEAM)]],
  ["a team about which little is known", async () => [...rowsOf(FOUR_PAIRS), ...LITTLE_KNOWN]],
  ["a plan alone", async () => PLANNED],
  ["no rows", async () => []],
];

describe.each(CASES)("the document of %s", (_, rowsFor) => {
  const build = async (): Promise<ReportDocument> =>
    buildDocument(buildReport(await viewOf(await rowsFor())));

  it("explains every figure", async () => {
    expect(unexplainedIn(await build())).toEqual([]);
  });

  it("gives a figure the same value everywhere", async () => {
    expect(conflictsIn(await build())).toEqual([]);
  });

  it("says for every interval its level and when it holds", async () => {
    expect(vagueIntervalsIn(await build())).toEqual([]);
  });

  it("says why a figure is missing", async () => {
    expect(unreasonedIn(await build())).toEqual([]);
  });

  it("names sections, tables and columns once", async () => {
    const document = await build();
    const ids = sectionsOf(document).map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids.filter((id) => !/^[a-z0-9-]+$/u.test(id))).toEqual([]);
    const tables = tablesOf(document).map(({ id }) => id);
    expect(tables).toEqual([...new Set(tables)]);
    for (const { columns } of tablesOf(document)) {
      const titles = columns.map(({ title }) => title);
      expect(titles).toEqual([...new Set(titles)]);
      const meanings = columns.flatMap(({ meaning }) => meaning ?? []);
      expect(meanings).toEqual([...new Set(meanings)]);
    }
  });
});

it("has the cost ratio of the last look in full precision", async () => {
  const report = buildReport(await viewOf(await decided(rowsOf(FOUR_PAIRS))));
  const figures = sectionsOf(buildDocument(report))
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.kind === "figures" ? block.figures : []));
  const ratio = figures.find(({ name }) => name === "Cost ratio, last look");
  expect(ratio?.number).toBe(report.gate?.candidates[0]?.figures?.costRatio);
  expect(figures.find(({ name }) => name === "Cost ratio, adjusted for order")?.number).toBe(
    ratio?.number,
  );
});

it("names the ratio of one model of all providers otherwise than that of a look", async () => {
  const report = buildReport(await viewOf(await decided(rowsOf(FOUR_PAIRS))));
  const others = report.comparisons.map((one) => ({ ...one, candidate: "other" }));
  const comparisons = [...report.comparisons, ...others];
  const names = sectionsOf(buildDocument({ ...report, comparisons }))
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.kind === "figures" ? block.figures : []))
    .map(({ name }) => name);
  expect(names).toContain("Cost ratio, all providers in one model");
  expect(names).not.toContain("Cost ratio, adjusted for order");
});

/** All that a preview and a report say. */
async function saidOf(pairs: typeof FOUR_PAIRS): Promise<string> {
  const report = buildReport(await viewOf(await decided(rowsOf(pairs))));
  return JSON.stringify([attentionSection(report, []), buildDocument(report)]);
}

it("rests no decision about cost on lower bounds", async () => {
  const [known, bound] = [await saidOf(FOUR_PAIRS), await saidOf(CAPPED)];
  const attention = "Pairs of cand with a cost that is a lower bound: 4 of 4";
  const rests = "The figures of the last look, which the decision rests on:";
  const not = "The figures of the last look. A cost that counts is a lower bound, so nothing is";
  const has = (text: string) => [attention, rests, not].map((part) => text.includes(part));
  expect([has(known), has(bound)]).toEqual([
    [false, true, false],
    [true, false, true],
  ]);
});

describe("the walk through a document", () => {
  const figure = { name: "Cost", meaning: "m", method: "x" };
  const documentOf = (...values: readonly string[]): ReportDocument => ({
    title: "t",
    warnings: [],
    sections: values.map((value, index) => ({
      id: `s${index}`,
      title: "s",
      blocks: [{ kind: "figures", figures: [{ ...figure, value }] }],
    })),
  });

  it("finds two values of one figure", () => {
    expect(conflictsIn(documentOf("1", "1"))).toEqual([]);
    expect(conflictsIn(documentOf("1", "2"))).toEqual(['["Cost",""]: 1 / 2']);
    expect(namedValues(documentOf("1"))).toEqual([{ name: "Cost", of: "", value: "1" }]);
  });

  it("finds a bare n/a and an interval that does not say when it holds", () => {
    expect(unreasonedIn(documentOf("n/a", "n/a (why)"))).toEqual(["n/a"]);
    expect(
      vagueIntervalsIn(documentOf("2 (95 % CI 1 to 3)", "2 (95 % CI 1 to 3, fixed-n)")),
    ).toEqual(["CI 1 to 3"]);
  });
});
