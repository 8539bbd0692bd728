import { describe, expect, it } from "vitest";

import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import { anomaly, type Cell } from "../../ledger/views/test-support/sample-rows.ts";
import { buildDocument } from "../document/build-document.ts";
import { previewDocument } from "../document/preview-document.ts";
import { tablesOf, unexplainedIn, unreasonedIn } from "../document/test-support/walk-document.ts";
import { FOUR_PAIRS, rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { teamRows } from "../evidence/test-support/sample-team.ts";
import { picturesOf } from "../pictures/pictures-of.ts";
import { renderSvg } from "../pictures/render-svg.ts";
import { buildReport } from "../report/build-report.ts";
import { ReportData } from "../report/report-data.ts";
import { renderCsv } from "./render-csv.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { renderTerminal } from "./render-terminal.ts";

const TEAM: Cell = { window: "W0-02", provider: "cand", feature_id: "cache", period: 2 };
const HOSTILE = "<img src=x onerror=harm()>|`*_[x](y)";

async function reportOf(rows: readonly Filed[]) {
  return buildReport(await viewOf([...rowsOf(FOUR_PAIRS), ...rows]));
}

async function documentOf(rows: readonly Filed[]) {
  const report = await reportOf(rows);
  return buildDocument(report, picturesOf(report));
}

async function tableOf(rows: readonly Filed[], id: string) {
  const table = tablesOf(await documentOf(rows)).find((one) => one.id === id);
  return (table?.rows ?? []).map((row) =>
    row.map((cell) => (typeof cell === "string" ? cell : cell.text)),
  );
}

describe("the section about teams", () => {
  it("is absent if one agent worked each window alone", async () => {
    const { sections } = await documentOf([]);
    expect(sections.map(({ id }) => id)).not.toContain("teams");
    expect(renderTerminal(previewDocument(await reportOf([])))).not.toContain("Teams");
  });

  it("says where the money went", async () => {
    expect(await tableOf(teamRows(TEAM), "team-spending")).toEqual([
      ["cand", "planning", "10.0 %", "100", "1.00", "16.7 %", "1"],
      ["cand", "building", "60.0 %", "600", "2.00", "33.3 %", "2"],
      ["cand", "reviewing", "25.0 %", "250", "2.00", "33.3 %", "2"],
      ["cand", "documenting", "5.0 %", "50", "1.00", "16.7 %", "1"],
      ["cand", "all turns", "100.0 %", "1,000", "6.00", "100.0 %", "6"],
      ["cand", "the rework in it", "15.0 %", "150", "2.00", "33.3 %", "2"],
      ["cand", "the review loop in it", "35.0 %", "350", "3.00", "50.0 %", "3"],
    ]);
  });

  it("says what the review bought, what went back, and what it cost", async () => {
    const rows = teamRows(TEAM, { turn: (turn) => (turn === 1 ? { breach_count: 1 } : {}) });
    expect(await tableOf(rows, "team-quality")).toEqual([
      ["cand", "0.500", "1.000", "1", "1", "0", "35.0 %"],
    ]);
    expect(await tableOf(rows, "team-work")).toEqual([
      ["cand", "1", "1", "1", "1", "0", "1 of 1", "0", "1", "5 of 5", "0 of 1", "42 of 60"],
    ]);
    const [back] = await tableOf(rows, "team-returns");
    expect(back?.slice(1, 6)).toEqual([
      "1",
      "reviewer",
      "implementer",
      "1. a limit of 1.5 is accepted",
      "1,500",
    ]);
  });

  it("marks what an anomaly affects", async () => {
    const rows: readonly Filed[] = [...teamRows(TEAM), ["anomalies", anomaly(["W0-02"])]];
    const [planning] = await tableOf(rows, "team-spending");
    expect(planning?.slice(2)).toEqual(["10.0 % †1", "100 †1", "1.00 †1", "16.7 % †1", "1 †1"]);
  });

  it("is one line of the preview", async () => {
    expect(renderTerminal(previewDocument(await reportOf(teamRows(TEAM))))).toContain(
      "\nTeams: 1 window, 1 rework round, 0 handoffs refused, 0 breaches\n",
    );
  });
});

describe("the timeline of a team", () => {
  it("has every turn with what was planned and used, and draws a bar for each", async () => {
    const report = await reportOf(teamRows(TEAM));
    const picture = picturesOf(report).annex.find(({ id }) => id === "team-timeline");
    expect(picture?.data.rows).toHaveLength(6);
    expect(picture?.alternative).toContain("The longest window is W0-02 of cand with 6.0 minutes.");
    const drawn = picture && (await renderSvg(picture));
    expect(drawn?.match(/building \(thickest\)/gu)).toHaveLength(1);
    const document = buildDocument(report, picturesOf(report));
    expect(unexplainedIn(document)).toEqual([]);
    expect(unreasonedIn(document)).toEqual([]);
  });
});

describe("names from agents and workflows", () => {
  it("stay text in every format", async () => {
    const rows = teamRows(TEAM, {
      turn: () => ({ role: HOSTILE, reason: HOSTILE, worked_by: HOSTILE }),
      retrospective: {
        sent_back: [
          {
            from: HOSTILE,
            to: "=cmd()",
            round: 1,
            findings: [{ number: 1, name: HOSTILE }],
            tokens: 1,
            dollars: null,
            duration_ms: 1,
          },
        ],
      },
    });
    const document = await documentOf(rows);
    const markdown = renderMarkdown(document);
    expect(markdown).not.toMatch(/<img|\[x\]\(y\)/u);
    expect(markdown).toContain("&lt;img src=x onerror=harm()&gt;");
    const csv = renderCsv(document).find(({ name }) => name === "team-returns.csv");
    expect(csv?.content).toContain("'=cmd()");
  });
});

it("keeps the schema of the report", async () => {
  const report = await reportOf(teamRows(TEAM));
  expect(ReportData.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
});
