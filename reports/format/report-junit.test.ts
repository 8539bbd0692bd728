import { XMLParser } from "fast-xml-parser";
import { describe, expect, it } from "vitest";

import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import { assigned, registered } from "../../ledger/views/test-support/sample-rows.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import {
  FOUR_PAIRS,
  rowsOf,
  type SamplePair,
  viewOf,
} from "../evidence/test-support/sample-experiment.ts";
import { decideExperiment } from "../gate/decide-experiment.ts";
import { DEFAULT_GATES } from "../looks/gate-file.ts";
import { takeLooks } from "../looks/take-looks.ts";
import { buildReport } from "../report/build-report.ts";
import { buildGateReport } from "../report/gate-report.ts";
import { renderGateJunit } from "./gate-junit.ts";
import { renderReportJunit } from "./report-junit.ts";
import { junitFaults } from "./test-support/junit-faults.ts";

const HOSTILE = "a\"b' ]]> &amp; <img src=x onerror=alert(1)> \u001B[31m\uFFFE\uD800c";

interface Case {
  readonly name: string;
  readonly failure?: string | { readonly message: string };
  readonly skipped?: { readonly message: string };
}

/** The cases by a parser of its own, each with its end and its message. */
function casesOf(xml: string): ReadonlyMap<string, string> {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    isArray: (name) => name === "testsuite" || name === "testcase",
  });
  const { testsuites } = parser.parse(xml);
  const suites: { testcase: Case[] }[] = testsuites.testsuite;
  return new Map(
    suites
      .flatMap(({ testcase }) => testcase)
      .map((one) => {
        const failure = typeof one.failure === "object" ? one.failure : undefined;
        const [kind, found] = failure ? ["failure", failure] : ["skipped", one.skipped];
        return [one.name, found === undefined ? "passed" : `${kind}: ${found.message}`];
      }),
  );
}

const SCENARIOS = [
  { name: "one", suite: "visible", status: "passed" },
  { name: "two", suite: "held-out", status: "failed" },
];

const ENDS: readonly SamplePair[] = [
  {
    feature: "cache",
    order: "AB",
    costs: { base: 8000, cand: 4000 },
    changes: {
      base: { outcome: "partial", scenarios: SCENARIOS, quality: 0.5 },
      cand: { outcome: "provider_limit", reason: "The plan's limit.", quality: null },
    },
  },
];

describe("a report as JUnit", () => {
  it("has each window as a case with its own reason", async () => {
    const later: Filed = ["assignments", assigned("later", ["base", "cand"])];
    const xml = renderReportJunit(buildReport(await viewOf([...rowsOf(ENDS), later])));
    expect(junitFaults(xml)).toEqual([]);
    const cases = casesOf(xml);
    expect(cases.get("W0-01: cache")).toBe(
      "failure: partial: 1 of 2 scenarios passed, quality 0.500",
    );
    expect(cases.get("W0-02: cache")).toBe("skipped: missing, provider_limit: The plan's limit.");
    expect(cases.get("no id yet: later")).toBe("skipped: not run");
    const passed = casesOf(renderReportJunit(buildReport(await viewOf(rowsOf(FOUR_PAIRS)))));
    expect(passed.get("W0-01: cache")).toBe("passed");
  });

  it("skips an open answer, because it is no failure", async () => {
    const cases = casesOf(renderReportJunit(buildReport(await viewOf(rowsOf(FOUR_PAIRS)))));
    expect(cases.get("cheaper and as good")).toMatch(/^skipped: .*Can't tell yet/u);
  });

  it("keeps foreign text in its place", async () => {
    const pairs = ENDS.map((pair) => ({
      ...pair,
      feature: HOSTILE,
      changes: { base: { outcome: "crashed", reason: HOSTILE } },
    }));
    const rows = rowsOf(pairs).map(([file, row]): Filed =>
      row.record === "experiment_registered" ? [file, registered({ name: HOSTILE })] : [file, row],
    );
    const xml = renderReportJunit(buildReport(await viewOf(rows)));
    expect(junitFaults(xml)).toEqual([]);
    expect(xml).not.toContain("<img");
    expect(xml).not.toContain("\u001B");
  });

  it("is refused by the schema if a case has no name", () => {
    const xml = '<testsuites><testsuite name="s" tests="1" failures="0" errors="0">';
    expect(junitFaults(`${xml}<testcase/></testsuite></testsuites>`)[0]).toContain("name");
    expect(junitFaults(xml)).not.toEqual([]);
  });
});

describe("a gate as JUnit", () => {
  it("gives each case its own reason", async () => {
    const gates = DEFAULT_GATES;
    const rows = rowsOf(FOUR_PAIRS);
    const looks = takeLooks(gatherEvidence(await viewOf(rows)), gates);
    const evidence = gatherEvidence(
      await viewOf([...rows, ...looks.map((look): Filed => ["looks", look])]),
    );
    const decisions = decideExperiment({ evidence, gates, backlogReadyBlocked: 0 });
    const xml = renderGateJunit(buildGateReport(evidence, { decisions, gates }, { others: [] }));
    expect(junitFaults(xml)).toEqual([]);
    const cases = casesOf(xml);
    expect(cases.get("G2")).toContain("0 ready features are blocked by capacity alone");
    expect(cases.get("latency")).toContain("latency_point");
    expect(cases.get("cost")).toBe("passed");
    const failed = [...cases.values()].filter((end) => end.startsWith("failure"));
    expect(new Set(failed).size).toBeGreaterThan(3);
  });
});
