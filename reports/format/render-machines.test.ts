import { describe, expect, it } from "vitest";

import { buildDocument } from "../document/build-document.ts";
import {
  FOUR_PAIRS,
  rowsOf,
  type SamplePair,
  viewOf,
} from "../evidence/test-support/sample-experiment.ts";
import { buildReport } from "../report/build-report.ts";
import { ReportData } from "../report/report-data.ts";
import { renderMarkdown } from "./render-markdown.ts";

/** The class of the machine of each window; null if no worker took it. */
type Classes = Readonly<Record<"base" | "cand", string | null>>;

const SAME: Classes = { base: "linux-x64-8cpu-16gib", cand: "linux-x64-8cpu-16gib" };

function machineOf(worker: string, name: string | null) {
  return name === null ? {} : { machine: { worker, class: name } };
}

/** The first window of a pair is worked by `one`, the second by `two`. */
function placed(pair: SamplePair, { base, cand }: Classes): SamplePair {
  const [first, second] = pair.order === "AB" ? ["one", "two"] : ["two", "one"];
  return {
    ...pair,
    changes: { base: machineOf(first, base), cand: machineOf(second, cand) },
  };
}

async function reportOf(pairs: readonly SamplePair[]) {
  return buildReport(await viewOf(rowsOf(pairs)));
}

async function sectionOf(pairs: readonly SamplePair[]): Promise<string> {
  const text = renderMarkdown(buildDocument(await reportOf(pairs)));
  return /^## Machines$.*?(?=^## )/msu.exec(text)?.[0] ?? "";
}

describe("the machines of an experiment", () => {
  it("are not mentioned if no worker took a window", async () => {
    const report = await reportOf(FOUR_PAIRS);
    expect(report.machines).toBeNull();
    expect(await sectionOf(FOUR_PAIRS)).toBe("");
  });

  it("are counted by worker and provider, in 80 columns", async () => {
    const pairs = FOUR_PAIRS.slice(0, 3).map((pair) => placed(pair, SAME));
    expect(ReportData.parse(await reportOf(pairs)).machines).toEqual({
      workers: [
        { worker: "one", class: SAME.base, windows: count({ base: 2, cand: 1 }) },
        { worker: "two", class: SAME.base, windows: count({ base: 1, cand: 2 }) },
      ],
      pairs: 3,
      mixed_pairs: [],
    });
    const section = await sectionOf(pairs);
    expect(section).toContain("Every pair ran on machines of one class.");
    expect(section).toMatch(/^\| one +\| linux-x64-8cpu-16gib \| +2 \| +1 \|$/mu);
    const widths = section.split("\n").filter((line) => line.startsWith("|"));
    expect(Math.max(...widths.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});

describe("pairs of machines", () => {
  it("are named if their classes differ, or if one is not known", async () => {
    const [cache, queue, ...others] = FOUR_PAIRS;
    if (cache === undefined || queue === undefined) throw new Error("too few pairs");
    const section = await sectionOf([
      placed(cache, { base: "small", cand: "large" }),
      placed(queue, { base: null, cand: "large" }),
      ...others.map((pair) => placed(pair, SAME)),
    ]);
    expect(section).toContain("2 of 4 pairs did not run on machines of one class.");
    expect(section).toContain("- cache, replicate 1: base on small, cand on large");
    expect(section).toContain("- queue, replicate 1: base on an unknown class, cand on large");
    expect(section).not.toContain("Every pair");
    expect(section).not.toContain("- rate");
  });

  it("are left out if a window is missing", async () => {
    const section = await sectionOf(
      FOUR_PAIRS.slice(0, 1).map((pair) => {
        const { changes } = placed(pair, { base: "small", cand: "large" });
        return { ...pair, changes: { ...changes, cand: { outcome: "infra_error" } } };
      }),
    );
    expect(section).toContain("No pair has two valid windows.");
  });
});

describe("many workers", () => {
  it("are counted in one line beyond twenty", async () => {
    const pairs = Array.from({ length: 13 }, (_, index): SamplePair => {
      const number = String(index).padStart(2, "0");
      return {
        feature: `task-${number}`,
        order: "AB",
        costs: { base: 2, cand: 1 },
        changes: {
          base: machineOf(`base-${number}`, "small"),
          cand: machineOf(`cand-${number}`, "small"),
        },
      };
    });
    const section = await sectionOf(pairs);
    expect(section.match(/^\| (?:base|cand)-/gmu)).toHaveLength(20);
    expect(section).toMatch(/^\\?\+6 more workers$/mu);
  });
});

function count(windows: Readonly<Record<"base" | "cand", number>>) {
  return Object.entries(windows).map(([provider, number]) => ({ provider, windows: number }));
}
