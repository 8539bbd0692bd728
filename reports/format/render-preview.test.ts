import { describe, expect, it } from "vitest";

import type { Filed } from "../../ledger/views/test-support/sample-ledger.ts";
import {
  anomaly,
  assigned,
  registered,
  sessionOpened,
} from "../../ledger/views/test-support/sample-rows.ts";
import { previewDocument } from "../document/preview-document.ts";
import { FOUR_PAIRS, rowsOf, viewOf } from "../evidence/test-support/sample-experiment.ts";
import { buildReport } from "../report/build-report.ts";
import { renderTerminal } from "./render-terminal.ts";

async function previewOf(rows: readonly Filed[], style?: (colour: string, text: string) => string) {
  return renderTerminal(previewDocument(buildReport(await viewOf(rows))), { style });
}

const LIMITED = sessionOpened({
  settings: {
    budgets: {
      mode: { value: "warn", origin: "default" },
      basis: { value: "uncached", origin: "default" },
      overall: { value: 40_000, origin: "command line" },
      commands: {},
    },
  },
});

describe("the preview", () => {
  it("shows the state of a whole experiment", async () => {
    const text = await previewOf(rowsOf(FOUR_PAIRS));
    expect(text).toContain("Windows: 8 of 8 done");
    expect(text).toContain("Outcomes: pass 6, partial 2");
    expect(text).toContain("Missing: none");
    expect(text).toContain("Anomalies: 0\n");
    expect(text).toMatch(/^base +4 +4 +28,000 +142\.9 .* n\/a +1\.000 +1\.000 to 1\.000 +28,000/mu);
    expect(text).toContain("Cost ratio, not adjusted: 2.178 (95 % CI 1.354 to 3.504, fixed-n)");
    expect(text).toContain("[UNLIMITED] 41.0K used (uncached)");
    expect(text).not.toContain("\u001B");
  });

  it("shows what is open before the first window", async () => {
    const text = await previewOf([
      ["assignments", assigned("cache", ["base", "cand"])],
      ["experiments", registered()],
    ]);
    expect(text).toContain("Windows: 0 of 2 done");
    expect(text).toContain("[NO BUDGET SET]");
    expect(text).toMatch(/^base +0 +0 +n\/a +n\/a +n\/a +n\/a +n\/a +n\/a +0/mu);
    expect(text).toContain("n/a (no complete pair)");
  });

  it("gives no interval below three windows", async () => {
    const text = await previewOf(rowsOf(FOUR_PAIRS.slice(0, 2)));
    expect(text).toMatch(/^cand +2 +2 +7,000 +\S+ +n\/a +n\/a +0\.750 +n\/a/mu);
    expect(text).toContain("2.449 (ci=n/a, n < 3)");
  });

  it("points to the anomalies and marks what they affect", async () => {
    const text = await previewOf([...rowsOf(FOUR_PAIRS), ["anomalies", anomaly(["W0-03"])]]);
    expect(text).toContain("Anomalies: 1 (");
    expect(text).toMatch(/^cand +4 †1/mu);
    expect(text).toMatch(/^base +4 +4/mu);
    expect(text).toContain("† An anomaly affects this figure");
  });

  it("counts missing windows by provider and period", async () => {
    const changes = { cand: { outcome: "no_spend", quality: null } };
    const pairs = FOUR_PAIRS.map((pair) => ({ ...pair, changes }));
    expect(await previewOf(rowsOf(pairs))).toContain(
      "Missing: cand period 1: 2 no_spend, cand period 2: 2 no_spend",
    );
  });

  it("colours nothing but the bars, and only when asked", async () => {
    const rows: readonly Filed[] = [...rowsOf(FOUR_PAIRS), ["experiments", LIMITED]];
    const coloured = await previewOf(rows, (colour, text) => `<${colour}>${text}</${colour}>`);
    expect(coloured).toContain(
      "<red>[####################]</red> 102.5 % (41.0K / 40.0K uncached)",
    );
    expect(coloured.replaceAll(/<\/?red>/gu, "")).toBe(await previewOf(rows));
  });

  it("lets no text of others reach the terminal's controls", async () => {
    const rows = rowsOf(FOUR_PAIRS).map(([file, row]): Filed =>
      row.record === "experiment_registered"
        ? [file, registered({ name: "x\u001B[2J\r\ny" })]
        : [file, row],
    );
    const text = await previewOf(rows);
    expect(text.split("\n")[0]).toBe(String.raw`Report: x\u001b[2J y  [0123456789ab]`);
  });
});
