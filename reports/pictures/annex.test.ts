import { describe, expect, it } from "vitest";

import type { Cell } from "../document/document.ts";
import type { ReportData } from "../report/report-data.ts";
import { picturesOf } from "./pictures-of.ts";
import { renderSvg } from "./render-svg.ts";
import { marksOf, readAxis, readSvg, type SvgElement } from "./test-support/read-svg.ts";
import { drawPairs, reportOn, withAnnex } from "./test-support/sample-report.ts";

const bare = await reportOn(drawPairs(8));
const report = withAnnex(bare);

function pictureIn(of: ReportData, id: string) {
  const found = picturesOf(of).annex.find((picture) => picture.id === id);
  if (found === undefined) throw new Error(`There is no picture ${id}.`);
  return found;
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

async function drawn(id: string): Promise<readonly SvgElement[]> {
  return readSvg((await renderSvg(pictureIn(report, id))) ?? "");
}

describe("the annex", () => {
  it("draws what is left of each budget", async () => {
    const elements = await drawn("budgets");
    const marks = marksOf(elements, "layer_2_marks");
    // A fifth of the tokens and an eighth of the dollars go each time.
    expect(marks).toHaveLength(8);
    const top = marks.map(({ y }) => y);
    expect(top.slice(0, 4)).toStrictEqual(top.slice(0, 4).toSorted((a, b) => a - b));
    const { alternative } = pictureIn(report, "budgets");
    expect(alternative).toContain("Budget of 100.0K tokens: 20.0 % was left after 6.7 minutes.");
    expect(alternative).toContain("Budget of $4.00: 50.0 % was left");
  });

  it("draws the latencies of each backend", async () => {
    const elements = await drawn("latency");
    const read = readAxis(elements, { isVertical: false, isLog: true });
    const found = marksOf(elements, "layer_1_marks").map((mark) => Math.round(read(mark) / 100));
    expect(found).toStrictEqual([4, 20, 5, 29]);
  });

  it("draws the phases of each window one after the other", async () => {
    const elements = await drawn("timeline");
    const bars = marksOf(elements, "layer_0_marks");
    expect(bars).toHaveLength(3 * 16);
    const [setup, working, grading] = bars.map(({ attributes }) => Number(attributes["x2"]));
    expect((working ?? 0) / (setup ?? 0)).toBeCloseTo(8, 0);
    expect((grading ?? 0) / (setup ?? 0)).toBeCloseTo(3, 0);
    expect(pictureIn(report, "timeline").alternative).toContain(
      "8.3 % setup, 66.7 % working, 25.0 % grading",
    );
  });

  it("gives the phases as seconds to a reader and to a spreadsheet", () => {
    const cells = pictureIn(report, "timeline").data.rows.flatMap((row) => row.slice(3));
    expect(cells.length).toBeGreaterThan(0);
    for (const cell of cells) {
      expect(cell).toMatchObject({ sort: expect.closeTo(Number(textOf(cell)), 1) });
    }
  });

  it("draws the mean cost of each provider by its place", async () => {
    const elements = await drawn("order-effect");
    expect(marksOf(elements, "layer_1_marks")).toHaveLength(4);
    const effect = report.comparisons[0]?.order_effect.value?.toPrecision(4);
    expect(pictureIn(report, "order-effect").alternative).toContain(`is ${effect ?? "unknown"}`);
  });

  it("says why nothing is drawn", () => {
    const texts = picturesOf(bare).annex.map(({ alternative }) => alternative);
    expect(texts.slice(0, 3)).toStrictEqual([
      "Nothing to draw: no budget limits the whole experiment.",
      "Nothing to draw: no request went through the proxy.",
      "Nothing to draw: no agent's times are known.",
    ]);
  });
});
