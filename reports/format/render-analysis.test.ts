import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { AnalysisData } from "../../.ci/reference/analysis-schema.ts";
import { analysisDocument } from "../document/analysis-document.ts";
import { DEFAULT_GATES, GateFile } from "../looks/gate-file.ts";
import { type Analysis, analyseWindows, analysisJson } from "../report/analyse-windows.ts";
import type { AnalysedWindow } from "../statistics/candidate/window.ts";
import { renderTerminal } from "./render-terminal.ts";

type Cell = readonly [feature: string, order: "AB" | "BA", costs: readonly [number, number]];

function windowsOf(cells: readonly Cell[]): readonly AnalysedWindow[] {
  return cells.flatMap(([feature, order, costs]) =>
    (["a", "b"] as const).map((provider, index) => ({
      feature,
      replicate: 1,
      provider,
      period: (provider === "a") === (order === "AB") ? 1 : 2,
      cost: costs[index] ?? 1,
      quality: null,
      errors: null,
      requests: null,
      latenciesMs: null,
    })),
  );
}

/** The JSON as its published schema knows it, which has no NaN and no other field. */
function publishedJson(analysis: Analysis) {
  return AnalysisData.parse(analysisJson(analysis));
}

function analyse(windows: readonly AnalysedWindow[]) {
  const request = { windows, baseline: "a", seed: "1", versions: {} };
  return analyseWindows({ ...request, gates: DEFAULT_GATES });
}

const ONE: Cell = ["f1", "AB", [200, 100]];
const TWO: Cell = ["f2", "BA", [300, 100]];
const THREE: Cell = ["f3", "AB", [250, 100]];
const SAME: readonly Cell[] = [ONE, ["f2", "BA", [200, 100]], ["f3", "AB", [200, 100]]];

describe("the analysis of few or odd data", () => {
  it.each<{ readonly what: string; readonly cells: readonly Cell[]; readonly status: string }>([
    { what: "one pair", cells: [ONE], status: "insufficient" },
    { what: "two pairs", cells: [ONE, TWO], status: "insufficient" },
    { what: "three pairs", cells: [ONE, TWO, THREE], status: "ok" },
    { what: "one order only", cells: [ONE, THREE], status: "one_sequence" },
    { what: "no spread", cells: SAME, status: "zero_variance" },
  ])("has an answer to $what: $status", ({ cells, status }) => {
    const analysis = analyse(windowsOf(cells));
    expect(publishedJson(analysis).candidates[0]?.cost.rounds.status).toBe(status);
    expect(renderTerminal(analysisDocument(analysis))).toContain(`Status: ${status}`);
  });

  it("has an answer where no pair is complete", () => {
    const lonely = windowsOf([ONE, TWO]).filter(
      ({ feature, provider }) => (feature === "f1") === (provider === "a"),
    );
    const [candidate] = publishedJson(analyse(lonely)).candidates;
    expect(candidate).toMatchObject({ pairs: 0, incompletePairs: 2, missingA: 1, missingB: 1 });
    expect(candidate?.cost.rounds).toMatchObject({ status: "no_data", ratio: null });
  });

  it("computes nothing from an impossible value, and says which", () => {
    const [first, ...others] = windowsOf([ONE, TWO, THREE]);
    if (first === undefined) throw new Error("There is no window.");
    const analysis = analyse([{ ...first, cost: Number.NaN }, ...others]);
    expect(publishedJson(analysis).candidates[0]).toMatchObject({ pairs: 0 });
    expect(renderTerminal(analysisDocument(analysis))).toContain(
      'Nothing computed: Feature "f1", replicate 1, provider "a": expected a positive finite cost, got NaN.',
    );
  });

  it("never says NaN, undefined or null, whatever the data", () => {
    const score = fc.option(fc.constantFrom(0, 0.5, 1));
    const window = fc.record({
      feature: fc.constantFrom("f1", "f2", "f3", "f4", "f5"),
      provider: fc.constantFrom("a", "b", "c"),
      period: fc.constantFrom(1, 2),
      cost: fc.constantFrom(1e-300, 1, 2, 1e300),
      quality: score,
      errors: fc.constantFrom(0, 1),
      latenciesMs: fc.option(fc.array(fc.constantFrom(0, 5, 1e9), { maxLength: 12 })),
    });
    const windows = fc.uniqueArray(window, {
      selector: ({ feature, provider }) => `${feature} ${provider}`,
      maxLength: 12,
    });
    fc.assert(
      fc.property(windows, (drawn) => {
        const analysis = analyse(drawn.map((one) => ({ ...one, replicate: 1, requests: 1 })));
        publishedJson(analysis);
        expect(renderTerminal(analysisDocument(analysis))).not.toMatch(
          /NaN|undefined|null|\[object/u,
        );
      }),
      { numRuns: 25, seed: 42 },
    );
  });
});

describe("the analysis of three pairs", () => {
  it("says the effects of the order once, with their intervals", () => {
    const text = renderTerminal(analysisDocument(analyse(windowsOf([ONE, TWO, THREE]))));
    expect(text.match(/Order effect.*/gu)).toEqual([
      "Order effect: 0.8633 (95 % CI 0.2529 to 2.947, fixed-n), p = 0.3703",
    ]);
    expect(text.match(/Carry-over.*/gu)).toEqual([
      "Carry-over: -0.2939 (95 % CI -2.749 to 2.162, fixed-n), p = 0.3703",
    ]);
  });

  it("says how far a confidence sequence goes, even without an end", () => {
    const text = renderTerminal(analysisDocument(analyse(windowsOf([ONE, TWO, THREE]))));
    expect(text).toMatch(/Cost ratio: 2\.590 .*, \(95 % CS 0\.000 to ∞, anytime-valid\)\n/u);
  });
});

describe("the analysis of several candidates", () => {
  it("fits all arms in one model and adjusts the evidence on cost", () => {
    const orders = ["a b c", "b c a", "c a b", "a c b", "b a c", "c b a"];
    const windows = orders.flatMap((order, index) =>
      order.split(" ").map((provider, place) => ({
        feature: `f${index}`,
        replicate: 1,
        provider,
        period: place + 1,
        cost: 100 + 7 * index + 3 * place + (provider === "a" ? 100 : 0),
        quality: null,
        errors: null,
        requests: null,
        latenciesMs: null,
      })),
    );
    const { candidates, multiArm } = publishedJson(analyse(windows));
    expect(candidates.map(({ candidate }) => candidate)).toEqual(["b", "c"]);
    expect(multiArm?.contrasts.map(({ arm }) => arm)).toEqual(["b", "c"]);
  });
});

describe("the shipped gate file", () => {
  it("has the thresholds that hold without one", async () => {
    const lines = Object.entries(DEFAULT_GATES).map(([name, value]) => `${name}: ${value}`);
    const text = [
      "# yaml-language-server: $schema=gates.schema.json",
      "# The thresholds of the gates. Copy it, change it, and name it in experiment.yaml:",
      "# analysis: { gates: gates.yaml }",
      ...lines,
      "",
    ].join("\n");
    expect(GateFile.parse(DEFAULT_GATES)).toEqual(DEFAULT_GATES);
    await expect(text).toMatchFileSnapshot("../../docs/gates.yaml");
  });
});
