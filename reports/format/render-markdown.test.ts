import { describe, expect, it } from "vitest";

import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import {
  anomaly,
  assigned,
  budgetRefused,
  registered,
  registration,
  sessionOpened,
} from "../../ledger/views/test-support/sample-rows.ts";
import { buildDocument } from "../document/build-document.ts";
import {
  FOUR_PAIRS,
  rowsOf,
  type SamplePair,
  viewOf,
} from "../evidence/test-support/sample-experiment.ts";
import { buildReport } from "../report/build-report.ts";
import { renderMarkdown } from "./render-markdown.ts";

async function markdownOf(rows: readonly Filed[]) {
  return renderMarkdown(buildDocument(buildReport(await viewOf(rows))));
}

const HOSTILE = "a|b\n# c `d` *e* [f](http://g) <img src=x> \u001B[31m\u202Eh";

describe("the report in markdown", () => {
  it("has its sections in order", async () => {
    const text = await markdownOf(rowsOf(FOUR_PAIRS));
    expect([...text.matchAll(/^##? .*$/gmu)].map(([line]) => line)).toStrictEqual([
      "# Report: sample",
      "## The answer",
      "## The evidence",
      "## What to do next",
      "## The gates and the seat",
      "## Pre-registration and departures",
      "## Windows",
      "## Pairs",
      "## Providers",
      "## Budgets",
      "## Anomalies",
      "## Failure kinds both ways",
      "## Reconciliation",
      "## Resources and isolation",
      "## Versions, hashes and how to reproduce",
    ]);
  });

  it("shows the ratio, its interval, and that it alone decides nothing", async () => {
    const text = await markdownOf(rowsOf(FOUR_PAIRS));
    expect(text).toContain("2.178 (95 % CI 1.354 to 3.504, fixed-n)");
    expect(text).toContain("2.178 (95 % CI 0.9951 to 4.767, fixed-n)");
    expect(text).toContain("don't decide by this comparison alone");
  });

  it("says in its title that the model was scripted, and only then", async () => {
    const rows = rowsOf(FOUR_PAIRS);
    const scripted = rows.map(([file, row]): Filed =>
      row.record === "experiment_registered" ? [file, registered({ scripted: true })] : [file, row],
    );
    expect((await markdownOf(scripted)).split("\n")[0]).toBe(
      "# Report: sample (the model was scripted)",
    );
    expect(await markdownOf(rows)).not.toContain("scripted)");
  });

  it("shows n/a with a reason where there is no pair", async () => {
    const text = await markdownOf([
      ["assignments", assigned("cache", ["base", "cand"])],
      ["experiments", registered()],
    ]);
    expect(text).toContain("n/a (no complete pair)");
    expect(text).toContain("0 valid, 0 missing, 2 not run");
    expect(text).not.toMatch(/NaN|undefined|null|Infinity/u);
  });

  it("prints ci=n/a below three windows", async () => {
    const text = await markdownOf(rowsOf(FOUR_PAIRS.slice(0, 2)));
    expect(text).toContain("2.449 (ci=n/a, n &lt; 3)");
    expect(text).toMatch(/\| base +\|[^\n]*n\/a \(n &lt; 3\)/u);
  });
});

describe("marks in the markdown", () => {
  it("marks what an anomaly touches and explains the mark, and marks nothing else", async () => {
    expect(await markdownOf(rowsOf(FOUR_PAIRS))).not.toContain("†");
    const text = await markdownOf([...rowsOf(FOUR_PAIRS), ["anomalies", anomaly(["W0-03"])]]);
    const schedule = text.split("\n").filter((line) => line.startsWith("| W0-"));
    expect(schedule.filter((line) => line.includes("†1"))).toHaveLength(1);
    expect(schedule[2]).toMatch(/W0-03 †1 .* 0\.500 †1 .* 3,000 †1/u);
    expect(text).toMatch(
      /2\.178 \(95 % CI 1\.354 to 3\.504, fixed-n\); p = 0\.0137, 3 df against 1 †1/u,
    );
    expect(text).toContain("† An anomaly affects this figure");
  });
});

describe("text of others in the markdown", () => {
  it("shows text of others as it is, without letting it out of its place", async () => {
    const pairs: readonly SamplePair[] = [
      {
        feature: HOSTILE,
        order: "AB",
        costs: { base: 8000, cand: 4000 },
        changes: { base: { outcome: "crashed", reason: HOSTILE } },
      },
    ];
    const providers = [{ id: "base", model: HOSTILE }];
    const rows = rowsOf(pairs).map(([file, row]): Filed =>
      row.record === "experiment_registered"
        ? [file, registered({ name: HOSTILE, registration: registration({ providers }) })]
        : [file, row],
    );
    const text = await markdownOf([
      ...rows,
      ["anomalies", anomaly([HOSTILE], { kind: HOSTILE, action: HOSTILE })],
      ["experiments", sessionOpened({ versions: { [HOSTILE]: HOSTILE } })],
    ]);
    for (const control of ["\u001B", "\u202E"]) expect(text).not.toContain(control);
    expect(text).not.toMatch(/<img/u);
    expect(text).not.toMatch(/^# c/mu);
    expect(text).not.toContain("[f](http");
    for (const block of tablesOf(text)) {
      const widths = block.map((line) => line.match(/(?<!\\)\|/gu)?.length);
      expect(new Set(widths).size).toBe(1);
    }
  });

  it("keeps a fence around command lines that have fences in them", async () => {
    const text = await markdownOf([["experiments", registered({ seed: "```\n# x" })]]);
    expect(text).toContain("````sh\nexperiment run --seed '``` # x'\n");
  });
});

describe("the rest of the markdown", () => {
  it("counts refusals by budget", async () => {
    const cell = { window: "W0-01", provider: "base", feature_id: "cache", period: 1 };
    const text = await markdownOf([...rowsOf(FOUR_PAIRS), ["budgets", budgetRefused(cell)]]);
    expect(text).toMatch(/\| \/implement \| +0 \| +1 \| +0 \|/u);
  });

  it("shortens a schedule of many windows and says so", async () => {
    const many = Array.from({ length: 150 }, (_, index): SamplePair => ({
      feature: `task-${index}`,
      order: index % 2 === 0 ? "AB" : "BA",
      costs: { base: 2000 + index, cand: 1000 },
    }));
    expect(await markdownOf(rowsOf(many))).toContain("… and 100 more rows");
  });

  it("gives the same bytes twice", async () => {
    const rows = rowsOf(FOUR_PAIRS);
    expect(await markdownOf(rows)).toBe(await markdownOf(rows));
  });
});

/** Runs of lines that are a table. */
function tablesOf(text: string): readonly (readonly string[])[] {
  return text
    .split("\n\n")
    .map((block) => block.split("\n"))
    .filter(([first]) => first?.startsWith("|") === true);
}
