import { describe, expect, it, test } from "vitest";

import type { PictureBlock } from "../document/document.ts";
import { unexplainedIn } from "../document/test-support/walk-document.ts";
import type { ReportData } from "../report/report-data.ts";
import { NO_ANYTIME } from "../text/no-anytime.ts";
import { picturesOf } from "./pictures-of.ts";
import { renderSvg } from "./render-svg.ts";
import { meanCost } from "./task-values.ts";
import { marksOf, readAxis, readSvg, type SvgElement } from "./test-support/read-svg.ts";
import { drawPairs, reportOn } from "./test-support/sample-report.ts";

const TASKS = 20;
const LOOKS = [2, 5, 10, 15, 20];
/** Ticks are on whole pixels. */
const TOLERANCE = 0.01;

function pictureIn(report: ReportData, id: string): PictureBlock {
  const { evidence, annex } = picturesOf(report);
  const found = [...evidence, ...annex].find((picture) => picture.id === id);
  if (found === undefined) throw new Error(`There is no picture ${id}.`);
  return found;
}

async function drawn(report: ReportData, id: string): Promise<readonly SvgElement[]> {
  return readSvg((await renderSvg(pictureIn(report, id))) ?? "");
}

/** As a share of the value that is expected. */
function largestError(
  found: readonly number[],
  expected: readonly (number | null | undefined)[],
): number {
  if (found.length !== expected.length || found.length === 0) return Infinity;
  return Math.max(
    ...expected.map((value, index) => Math.abs((found[index] ?? NaN) / (value ?? NaN) - 1)),
  );
}

const byValue = (left: number, right: number) => left - right;

const report = await reportOn(drawPairs(TASKS), LOOKS);

describe("the picture of each task's costs", () => {
  it("draws each task's costs at their places", async () => {
    const elements = await drawn(report, "slopes");
    const read = readAxis(elements, { isVertical: true, isLog: true, view: "concat_0_group" });
    for (const [layer, cost] of [
      [1, "baseline_cost"],
      [2, "candidate_cost"],
    ] as const) {
      const points = marksOf(elements, `concat_0_layer_${String(layer)}_marks`).map(read);
      const expected = report.pairs.map((pair) => pair[cost] ?? NaN);
      expect(largestError(points.toSorted(byValue), expected.toSorted(byValue))).toBeLessThan(
        TOLERANCE,
      );
    }
  });

  it("tells orders apart by colour, shape and dash", async () => {
    const elements = await drawn(report, "slopes");
    const lines = marksOf(elements, "concat_0_layer_0_marks").map(({ attributes }) =>
      [attributes["stroke"], attributes["stroke-dasharray"]].join(" "),
    );
    expect(Object.fromEntries(countOf(lines))).toStrictEqual({
      "#0072b2 1,0": 10,
      "#d55e00 6,3": 10,
    });
    const shapes = marksOf(elements, "concat_0_layer_1_marks").map(
      ({ attributes }) => attributes["d"],
    );
    expect([...countOf(shapes).values()]).toStrictEqual([10, 10]);
  });

  it("draws the mean ratio and its interval on the axis next to it", async () => {
    const elements = await drawn(report, "slopes");
    const read = readAxis(elements, { isVertical: true, isLog: true, view: "concat_1_group" });
    const { value, ci95 } = report.comparisons[0]?.adjusted_cost_ratio ?? {};
    expect(
      largestError(marksOf(elements, "concat_1_layer_3_marks").map(read), [value]),
    ).toBeLessThan(TOLERANCE);
    const [interval] = marksOf(elements, "concat_1_layer_2_marks");
    expect(largestError(endsOf(interval).map(read), [ci95?.lower, ci95?.upper])).toBeLessThan(
      TOLERANCE,
    );
  });

  it("aligns both axes: the baseline's mean is where the ratio is 1", async () => {
    const elements = await drawn(report, "slopes");
    const cost = readAxis(elements, { isVertical: true, isLog: true, view: "concat_0_group" });
    const [equal] = marksOf(elements, "concat_1_layer_0_marks");
    const logs = report.pairs.map(({ baseline_cost }) => Math.log(baseline_cost ?? NaN));
    const mean = Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
    expect(largestError([cost(equal ?? { x: 0, y: 0 })], [mean])).toBeLessThan(TOLERANCE);
  });
});

describe("the other pictures", () => {
  it("draws both intervals of each criterion and its margin", async () => {
    const elements = await drawn(report, "forest");
    const figures = report.gate?.candidates[0]?.figures;
    const cost = readAxis(elements, { isVertical: false, isLog: true, view: "concat_0_group" });
    expect(largestError(marksOf(elements, "concat_0_layer_1_marks").map(cost), [2])).toBeLessThan(
      TOLERANCE,
    );
    const intervals = marksOf(elements, "concat_0_layer_2_marks").flatMap(endsOf).map(cost);
    expect(
      largestError(intervals, [
        ...(figures?.costRatioCi95 ?? []),
        ...(figures?.costRatioCs95 ?? []),
      ]),
    ).toBeLessThan(TOLERANCE);
    const quality = readAxis(elements, { isVertical: false, isLog: false, view: "concat_1_group" });
    expect(
      largestError(marksOf(elements, "concat_1_layer_1_marks").map(quality), [0.8]),
    ).toBeLessThan(TOLERANCE);
    const [anytime] = report.quality_anytime;
    const qualities = marksOf(elements, "concat_1_layer_2_marks").flatMap(endsOf).map(quality);
    expect(
      largestError(qualities, [
        ...(figures?.qualityRatioCi95 ?? []),
        anytime?.lower,
        anytime?.upper,
      ]),
    ).toBeLessThan(TOLERANCE);
  });

  it("draws the evidence of each look, and the threshold at 1 / alpha", async () => {
    const elements = await drawn(report, "evidence");
    const read = readAxis(elements, { isVertical: true, isLog: false });
    expect(
      largestError(marksOf(elements, "layer_1_marks").map(read), [Math.log10(20)]),
    ).toBeLessThan(TOLERANCE);
    const expected = (["cost", "cost_sign", "quality"] as const).flatMap((name) =>
      report.looks.map((look) => look[name] ?? NaN),
    );
    const points = marksOf(elements, "layer_4_marks").map(read);
    expect(points).toHaveLength(3 * LOOKS.length);
    for (const [index, value] of expected.entries()) expect(points[index]).toBeCloseTo(value, 1);
  });
});

describe("the picture of cost against quality", () => {
  it("draws a point for each task and provider, and their means", async () => {
    const elements = await drawn(report, "cost-quality");
    expect(marksOf(elements, "layer_0_marks")).toHaveLength(2 * TASKS);
    const cost = readAxis(elements, { isVertical: false, isLog: true });
    const quality = readAxis(elements, { isVertical: true, isLog: false });
    const means = marksOf(elements, "layer_2_marks");
    expect(
      largestError(
        means.map(cost),
        report.providers.map((provider) => provider.cost.geometric_mean),
      ),
    ).toBeLessThan(TOLERANCE);
    expect(
      largestError(
        means.map(quality),
        report.providers.map((provider) => provider.quality.value),
      ),
    ).toBeLessThan(TOLERANCE);
  });
});

describe("every picture", () => {
  it("says the findings in words, from the report's numbers", () => {
    const texts = picturesOf(report).evidence.map(({ alternative }) => alternative);
    const cheaper = report.pairs.filter(({ cost_ratio }) => (cost_ratio ?? 0) > 1).length;
    expect(texts[0]).toContain(`cand cost less than base in ${String(cheaper)} of 20 tasks`);
    expect(texts[0]).toContain(report.comparisons[0]?.adjusted_cost_ratio.value?.toPrecision(4));
    expect(texts[1]).toContain("the fixed-n interval includes its margin of at least 2");
    expect(texts[2]).toContain("after 20 pairs (look 5)");
    expect(texts[3]).toContain("On the Pareto front: cand.");
  });

  it("says for each order in how many tasks the candidate cost less, and which ratio it names", () => {
    const count = (order: string) => {
      const own = report.pairs.filter(({ sequence }) => sequence === order);
      const less = own.filter(({ cost_ratio }) => (cost_ratio ?? 0) > 1).length;
      return { less, all: own.length };
    };
    const [AB, BA] = [count("AB"), count("BA")];
    const words = `cand cost less than base in ${String(AB.less + BA.less)} of 20 tasks: ${String(AB.less)} of ${String(AB.all)} with the baseline first, ${String(BA.less)} of ${String(BA.all)} with the candidate first.`;
    const { alternative } = pictureIn(report, "slopes");
    expect(alternative).toMatch(
      /^.* The mean cost ratio, baseline ÷ candidate, is \d\.\d{3} \(95 % CI \S+ to \S+, fixed-n\)\.$/u,
    );
    expect(alternative.startsWith(words)).toBe(true);
    const arms = { status: "ok", windows: 40, candidates: [] } as const;
    expect(pictureIn({ ...report, arms }, "slopes").alternative).toContain(
      "The mean cost ratio, baseline ÷ candidate, in one model of all providers, is ",
    );
  });

  it("has the data of each picture as a table", () => {
    const { evidence } = picturesOf(report);
    expect(evidence.map(({ data }) => data.rows.length)).toStrictEqual([20, 4, 5, 40]);
  });

  it("gives the same bytes each time", async () => {
    for (const picture of picturesOf(report).evidence) {
      expect(await renderSvg(picture)).toBe(await renderSvg(picture));
    }
  });
});

test("a report without a window says why nothing is drawn", async () => {
  const empty = await reportOn([]);
  const { evidence } = picturesOf(empty);
  expect(evidence.map(({ specification }) => specification)).toStrictEqual([
    null,
    null,
    null,
    null,
  ]);
  for (const { alternative, data } of evidence) {
    expect(alternative).toMatch(/^Nothing to draw: .+\.$/u);
    expect(data.none).toBe(alternative);
  }
});

test("a limit that is missing in an interval is unbounded, in words and as data", () => {
  const quality_anytime = report.quality_anytime.map((one) => ({ ...one, upper: null }));
  const { alternative, data } = pictureIn({ ...report, quality_anytime }, "forest");
  expect(alternative).toContain("to unbounded, which goes beyond the axis)");
  expect(data.rows[1]?.at(-1)).toEqual({ text: "unbounded", sort: null });
});

/** The quality's anytime-valid interval from 0.9 to a limit. */
function withUpper(upper: number | null): ReportData {
  const quality_anytime = report.quality_anytime.map((one) => ({ ...one, lower: 0.9, upper }));
  return { ...report, quality_anytime };
}

test("an arrow is shown where an interval goes beyond its axis, and only there", async () => {
  const [left, right] = ["concat_1_layer_4_marks", "concat_1_layer_5_marks"] as const;
  const whole = await drawn(withUpper(1.1), "forest");
  expect([...marksOf(whole, left), ...marksOf(whole, right)]).toHaveLength(0);
  const elements = await drawn(withUpper(null), "forest");
  const arrows = marksOf(elements, right);
  expect(marksOf(elements, left)).toHaveLength(0);
  const end = Math.max(
    ...marksOf(elements, "concat_1_layer_2_marks")
      .flatMap(endsOf)
      .map(({ x }) => x),
  );
  expect(arrows.map(({ x }) => Math.round(x))).toStrictEqual([Math.round(end)]);
});

test("the cost has no anytime-valid interval where the answer has none either", () => {
  const { gate } = report;
  if (gate === null) throw new Error("The sample report has no gate.");
  const candidates = gate.candidates.map((one) => {
    const figures =
      one.figures === null ? null : { ...one.figures, costRatioCs95: [0, null] as const };
    return { ...one, figures };
  });
  const { alternative, data } = pictureIn({ ...report, gate: { ...gate, candidates } }, "forest");
  expect(alternative).toContain("no 95 % anytime-valid interval: the pairs so far allow none)");
  expect(alternative).not.toContain("unbounded");
  expect(data.rows[0]?.at(-1)).toEqual({ text: "n/a (the pairs so far allow none)", sort: null });
});

test("every column of numbers behind a picture has its meaning and a heading of the method", () => {
  const { evidence, annex } = picturesOf(report);
  const blocks = [...evidence, ...annex];
  expect(blocks.filter(({ data }) => data.columns.length > 0).length).toBeGreaterThan(4);
  const section = { id: "pictures", title: "Pictures", blocks };
  expect(unexplainedIn({ title: "", warnings: [], sections: [section] })).toStrictEqual([]);
});

test("errors and p95 say in words and in their rows why they hold for one look alone", async () => {
  const { gate } = report;
  if (gate === null) throw new Error("The sample report has no gate.");
  const p95 = { latencyRatio: 1.1, latencyRatioCi90: [0.9, 1.2] as const };
  const candidates = gate.candidates.map((one) => ({
    ...one,
    figures: one.figures === null ? null : { ...one.figures, ...p95 },
  }));
  const timed = { ...report, gate: { ...gate, candidates } };
  const { alternative, data } = pictureIn(timed, "forest");
  const drawnTexts = (await drawn(timed, "forest")).map(({ text }) => text);
  const reasons = [
    [2, NO_ANYTIME.errors],
    [3, NO_ANYTIME.latency],
  ] as const;
  for (const [row, why] of reasons) {
    expect(alternative).toContain(`no 95 % anytime-valid interval: ${why})`);
    expect(data.rows[row]?.slice(-2)).toStrictEqual([
      { text: `n/a (${why})`, sort: null },
      { text: `n/a (${why})`, sort: null },
    ]);
    expect(drawnTexts).toContain(`no anytime-valid interval: ${why}`);
  }
});

function heldAgainst(some: ReportData): string {
  return picturesOf(some)
    .evidence.map(({ alternative }) => alternative)
    .join(" ");
}

test("costs that are lower bounds are held against nothing", async () => {
  const comparisons = report.comparisons.map((one) => ({
    ...one,
    pairs: { ...one.pairs, capped: 1 },
  }));
  const bound = heldAgainst({ ...report, comparisons });
  expect(await renderSvg(pictureIn({ ...report, comparisons }, "cost-quality"))).toContain("<svg");
  expect(bound.split("A cost that counts is a lower bound, so nothing is decided")).toHaveLength(5);
  const margins = ["its margin of at least 2", "threshold of", "cost less than", "Pareto front"];
  const timesIn = (text: string) => margins.map((margin) => text.split(margin).length - 1);
  expect(timesIn(heldAgainst(report))).toEqual([1, 3, 1, 1]);
  expect(timesIn(bound)).toEqual([0, 1, 0, 0]);
});

test("one pair is drawn without an interval", async () => {
  const single = await reportOn(drawPairs(1));
  expect(pictureIn(single, "slopes").alternative).toContain("(ci=n/a");
  expect(marksOf(await drawn(single, "slopes"), "concat_1_layer_2_marks")).toHaveLength(0);
  expect(pictureIn(single, "evidence").alternative).toContain("no look has been taken");
});

function countOf<Value>(values: readonly Value[]): ReadonlyMap<Value, number> {
  return new Map([...Map.groupBy(values, (value) => value)].map(([key, own]) => [key, own.length]));
}

/** Both ends of a line, the left or upper one first. */
function endsOf(line: SvgElement | undefined) {
  if (line === undefined) return [];
  const { x, y, attributes } = line;
  const other = { x: x + Number(attributes["x2"]), y: y + Number(attributes["y2"]) };
  return [{ x, y }, other].toSorted((one, next) => one.x - next.x || one.y - next.y);
}

test("one pair of a task is shown by the costs that it had", () => {
  expect(meanCost([9129])).toBe(9129);
  expect(meanCost([100, 10_000])).toBe(1000);
});
