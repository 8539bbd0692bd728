import { describe, expect, it, test } from "vitest";

import type { ReportData } from "../report/report-data.ts";
import { PALETTE } from "./palette.ts";
import { picturesOf } from "./pictures-of.ts";
import { renderSvg } from "./render-svg.ts";
import { readSvg, type SvgElement } from "./test-support/read-svg.ts";
import { drawPairs, repeated, reportOn, withAnnex } from "./test-support/sample-report.ts";
import { textWidth } from "./text-width.ts";

const KILOBYTE = 1000;
const SIZE_MAX = 300 * KILOBYTE;
const HOSTILE = `<img src=x onerror=alert(1)>"'&amp; ]]></desc><script> \u001B[31m\u202Eh`;

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

async function drawAll(report: ReportData) {
  const { evidence, annex } = picturesOf(report);
  const drawn = await Promise.all([...evidence, ...annex].map(renderSvg));
  return drawn.filter((svg) => svg !== null);
}

function boxOf({ text, attributes, x, y }: SvgElement): Box {
  const fontSize = Number.parseFloat(attributes["font-size"] ?? "");
  const width = textWidth({ fontSize }, text);
  const before = { start: 0, middle: 0.5, end: 1 }[attributes["text-anchor"] ?? ""] ?? NaN;
  const [ascent, descent] = [fontSize * 0.75, fontSize * 0.2];
  const [, angle] = /rotate\((-?90)\)/u.exec(attributes["transform"] ?? "") ?? [];
  if (angle === undefined) {
    const left = x - before * width;
    return { text, left, right: left + width, top: y - ascent, bottom: y + descent };
  }
  const top = y - before * width;
  const [left, right] = angle === "90" ? [-descent, ascent] : [-ascent, descent];
  return { text, left: x + left, right: x + right, top, bottom: top + width };
}

function boxesIn(svg: string) {
  const elements = readSvg(svg);
  const boxes = elements.filter(({ name }) => name === "text").map(boxOf);
  const { width, height } = elements[0]?.attributes ?? {};
  return { boxes, width: Number(width), height: Number(height) };
}

function overlaps(boxes: readonly Box[]): readonly string[] {
  return boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter(
        (other) =>
          one.left < other.right &&
          other.left < one.right &&
          one.top < other.bottom &&
          other.top < one.bottom,
      )
      .map((other) => `${one.text} | ${other.text}`),
  );
}

describe.each([
  { tasks: 1, looks: [1], times: 1 },
  { tasks: 4, looks: [2, 3, 4], times: 1 },
  { tasks: 20, looks: [5, 10, 20], times: 1 },
  { tasks: 20, looks: [5, 10, 20], times: 100 },
])("the pictures of $tasks tasks, $times times", ({ tasks, looks, times }) => {
  it("have texts that are whole, and apart from each other", async () => {
    const pictures = await drawAll(
      repeated(withAnnex(await reportOn(drawPairs(tasks), looks)), times),
    );
    expect(pictures.length).toBeGreaterThanOrEqual(6);
    for (const svg of pictures) {
      const { boxes, width, height } = boxesIn(svg);
      expect(boxes.length).toBeGreaterThan(3);
      expect(overlaps(boxes)).toStrictEqual([]);
      for (const { left, right, top, bottom } of boxes) {
        expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
        expect(right).toBeLessThanOrEqual(width);
        expect(bottom).toBeLessThanOrEqual(height);
      }
    }
  });
});

test("the pictures of 5,000 tasks stay small, and say which tasks they show", async () => {
  const report = repeated(withAnnex(await reportOn(drawPairs(20))), 250);
  for (const svg of await drawAll(report)) expect(svg.length).toBeLessThan(SIZE_MAX);
  const [slopes] = picturesOf(report).evidence;
  expect(slopes?.alternative).toContain("Drawn are 100 of 5000, evenly spaced by ratio");
  expect(slopes?.data.rows).toHaveLength(5000);
});

test("foreign names are text, and never markup", async () => {
  const pairs = drawPairs(4).map((pair) => ({ ...pair, feature: `${pair.feature} ${HOSTILE}` }));
  const report = renamed(withAnnex(await reportOn(pairs, [2, 4])));
  const pictures = await drawAll(report);
  expect(pictures).toHaveLength(8);
  const names = pictures.flatMap((svg) => readSvg(svg).map(({ name }) => name));
  const known = ["svg", "title", "desc", "style", "rect", "g", "path", "tspan", "line", "text"];
  expect(names.filter((name) => !known.includes(name))).toStrictEqual([]);
  for (const svg of pictures) {
    for (const control of ["\u001B", "\u202E"]) expect(svg).not.toContain(control);
  }
  expect(pictures.join("")).toContain("&lt;img src=x onerror=alert(1)&gt;");
});

test.each([
  ["without a blank", "W-provider-with-an-uninterrupted-name-of-more-than-sixty-characters"],
  ["in Chinese", "一个没有空格的非常长的供应商名称".repeat(4)],
])("very long names %s are cut in pictures, and stand whole beside them", async (_, name) => {
  const report = renamed(withAnnex(await reportOn(drawPairs(4), [2, 4])), name);
  for (const svg of await drawAll(report)) {
    const { boxes, width } = boxesIn(svg);
    expect(overlaps(boxes)).toStrictEqual([]);
    for (const { left, right } of boxes) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(width);
    }
  }
  const { evidence, annex } = picturesOf(report);
  const named = [...evidence, ...annex].filter(({ id }) =>
    ["slopes", "cost-quality", "latency", "timeline", "order-effect"].includes(id),
  );
  expect(named).toHaveLength(5);
  for (const { alternative } of named)
    expect(alternative).toMatch(new RegExp(`${name} (?:base|cand)`, "u"));
});

/** Both providers under other names. */
function renamed(report: ReportData, name = HOSTILE): ReportData {
  const text = JSON.stringify(report);
  const changed = text.replaceAll(/"(base|cand)"/gu, (_, provider: string) =>
    JSON.stringify(`${name} ${provider}`),
  );
  return { ...report, ...JSON.parse(changed) };
}

test("every colour of a picture has a partner for dark screens", async () => {
  const light: readonly string[] = Object.values(PALETTE).map((colours) => colours.light);
  const pictures = await drawAll(withAnnex(await reportOn(drawPairs(4), [2, 4])));
  const found = pictures.flatMap((svg) =>
    readSvg(svg).flatMap(({ attributes }) => [attributes["fill"], attributes["stroke"]]),
  );
  const own = new Set(found.filter((colour) => colour !== undefined && colour !== "none"));
  expect([...own].filter((colour) => !light.includes(colour ?? ""))).toStrictEqual([]);
});
