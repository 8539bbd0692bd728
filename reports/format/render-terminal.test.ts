import { expect, test } from "vitest";

import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import { buildDocument } from "../document/build-document.ts";
import { gateDocument } from "../document/gate-document.ts";
import { criteriaTable } from "../document/gate-section.ts";
import { previewDocument } from "../document/preview-document.ts";
import { gatherEvidence } from "../evidence/evidence.ts";
import { FOUR_PAIRS, rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { decideExperiment } from "../gate/decide-experiment.ts";
import { DEFAULT_GATES } from "../looks/gate-file.ts";
import { takeLooks } from "../looks/take-looks.ts";
import { buildReport } from "../report/build-report.ts";
import { buildGateReport } from "../report/gate-report.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { renderBlock, renderTerminal } from "./render-terminal.ts";

const OPEN =
  "No sandbox: in 4 of 8 windows the agent could read and change the task bank, the ledger and the user's keys.";
const bold = (format: string, text: string) => `<${format}>${text}</${format}>`;

/** The same decision as the command shows it, and in the report. */
async function decided(candidateIsolation: string) {
  const rows = rowsOf(
    FOUR_PAIRS.map((pair) => ({
      ...pair,
      changes: {
        base: { agent_isolation: "bubblewrap" },
        cand: { agent_isolation: candidateIsolation },
      },
    })),
  );
  const gates = DEFAULT_GATES;
  const evidence = gatherEvidence(await viewOf(rows));
  const decisions = decideExperiment({ evidence, gates, backlogReadyBlocked: 0 });
  const recorded = decisions.map((decision): Filed => ["decisions", decision]);
  const report = buildReport(await viewOf([...rows, ...recorded]));
  return { gate: buildGateReport(evidence, { decisions, gates }, { others: [] }), report };
}

test("the gate says in one bold line that agents had no sandbox", async () => {
  const { gate, report } = await decided("none");
  expect(renderTerminal(gateDocument(gate), { style: bold })).toContain(`\n<bold>${OPEN}</bold>\n`);
  expect(renderTerminal(gateDocument(gate))).toContain(`\n${OPEN}\n`);
  expect(renderMarkdown(buildDocument(report))).toContain(`# Report: sample\n\n**${OPEN}**\n`);
});

test("a report on a terminal says it once, at its top", async () => {
  const { report } = await decided("none");
  expect(renderTerminal(previewDocument(report)).split(OPEN)).toHaveLength(2);
});

test("the gate says nothing if every agent had one", async () => {
  const { gate, report } = await decided("bubblewrap");
  expect(renderTerminal(gateDocument(gate)) + renderMarkdown(buildDocument(report))).not.toContain(
    "No sandbox",
  );
});

test("the table of criteria says why a reading can't be made", () => {
  const none = { is_met: true, fixed_n: null, anytime: null, signs: null };
  const quality = { ...none, fixed_n: "confirmed", anytime: "inconclusive" };
  const criteria = [
    { criterion: "quality", ...quality },
    { criterion: "tests", ...none },
  ];
  const table = renderBlock(criteriaTable({ criteria }, ""));
  expect(table).toMatch(/^tests +met +n\/a +n\/a +n\/a$/mu);
  expect(table).toContain("n/a: Signs, anytime-valid: for cost alone;");
  expect(table).toContain("tests: regressions are counted, not estimated.");
});

test("a single row is not named as the place of what is missing: each column is", () => {
  const columns = ["arm", "ratio", "p95"].map((title) => ({ title }));
  const lacks = ["no complete task", "fewer than 20 requests"];
  const only = ["codex", ...lacks.map((lack) => ({ text: "", lack }))];
  const text = renderBlock({ kind: "table", id: "costs", columns, rows: [only] });
  expect(text).toContain("n/a: ratio: no complete task; p95: fewer than 20 requests.");
});

test("the windows that are still missing have a reason if no number helps", async () => {
  const { gate } = await decided("bubblewrap");
  expect(renderTerminal(gateDocument(gate))).not.toMatch(/More windows:.*n\/a(?! \()/u);
});

test("a p95 that is missing is compared with nothing", async () => {
  const gates = DEFAULT_GATES;
  const rows = rowsOf(FOUR_PAIRS);
  const looks = takeLooks(gatherEvidence(await viewOf(rows)), gates);
  const looked = [...rows, ...looks.map((look): Filed => ["looks", look])];
  const evidence = gatherEvidence(await viewOf(looked));
  const decisions = decideExperiment({ evidence, gates, backlogReadyBlocked: 0 });
  const gate = renderTerminal(
    gateDocument(buildGateReport(evidence, { decisions, gates }, { others: [] })),
  );
  expect(gate).toMatch(/^ {2}p95 latency, ratio: n\/a \([^)]*\)$/mu);
  const recorded = decisions.map((decision): Filed => ["decisions", decision]);
  const report = renderMarkdown(buildDocument(buildReport(await viewOf([...looked, ...recorded]))));
  expect(report).toMatch(/p95 latency, ratio +\| n\/a \([^)]*\) +\|/u);
});
