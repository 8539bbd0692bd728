import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { type DataTable, Given, Then } from "@cucumber/cucumber";
import { parse } from "yaml";
import { z } from "zod";

import { packageFolder } from "../runner/platform/environment/package-folder.ts";
import { addRow, correctionOf } from "./support/corrections.ts";
import { finalRows } from "./support/ledger-windows.ts";
import { remember, rememberedOf } from "./support/memory.ts";
import { geometricMeanRatio, periodRatio } from "./support/recompute.ts";
import {
  reportBytes,
  reportJson,
  reportRows,
  reportText,
  rowsNamed,
} from "./support/report-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

const TOLERANCE = 1e-9;

Given("the report is remembered", function (this: ExperimentWorld) {
  remember(this, reportBytes(this));
});

Given(
  "a correction of the window {string}:",
  async function (this: ExperimentWorld, window: string, fields: DataTable) {
    const row = this.rowsOf("windows", "window_finalized").find((one) => one["window"] === window);
    assert.ok(row !== undefined);
    const changes = fields.raw().map(([field = "", value = ""]) => [field, parse(value)]);
    await addRow(this, "windows", correctionOf(row, Object.fromEntries(changes)));
  },
);

Then("the report has the sections:", function (this: ExperimentWorld, sections: DataTable) {
  const headings = reportText(this)
    .split("\n")
    .filter((line) => line.startsWith("## "))
    .map((line) => line.slice(3));
  assert.deepEqual(headings, sections.raw().flat());
});

Then(
  "the report names every window with its outcome, its quality and its cost, and the versions of {string}",
  function (this: ExperimentWorld, parts: string) {
    assertWindows(this);
    assertVersions(this, parts);
  },
);

function assertWindows(world: ExperimentWorld): void {
  const shown = reportRows(world)
    .filter(([first = ""]) => first.startsWith("W0-"))
    .map((cells) => [cells[0], cells[4], cells[7], cells[9], cells[10]?.replaceAll(",", "")]);
  const final = finalRows(world).map((row) => [
    row.window,
    row.provider,
    row.outcome,
    row.quality?.toFixed(3),
    String(row.cost.amount),
  ]);
  assert.equal(final.length, 8);
  assert.deepEqual(shown, final);
}

function assertVersions(world: ExperimentWorld, parts: string): void {
  for (const part of parts.split(", ")) {
    assert.match(rowsNamed(world, part).flat().at(-1) ?? "", /^v?\d+\.\d+\.\d+/u, part);
  }
}

Then(
  "the cost ratio and the order effect are those of the 4 pairs in the ledger",
  function (this: ExperimentWorld) {
    assertRatio(this);
    assertOrderEffect(this);
  },
);

function assertRatio(world: ExperimentWorld): void {
  const pairs = pairsIn(world);
  const expected = geometricMeanRatio(pairs.map(({ large, small }) => large / small));
  const { value, ci95 } = comparisonIn(world).cost_ratio;
  assert.equal(pairs.length, 4);
  assertNear({ value, ...ci95 }, expected);
}

function assertOrderEffect(world: ExperimentWorld): void {
  const value = periodRatio(pairsIn(world));
  assertNear({ value: comparisonIn(world).order_effect.value }, { value });
}

Then(
  /^the report(?: in "(.*)")? is the same, to the byte$/u,
  function (this: ExperimentWorld, data: string | undefined) {
    assert.equal(data ? reportBytes(this, data) : reportBytes(this), rememberedOf(this));
  },
);

Then(
  "it prints the same as report.json, which matches the published JSON Schema",
  function (this: ExperimentWorld) {
    assertSameJson(this);
    assertSchema(this);
  },
);

function assertSameJson(world: ExperimentWorld): void {
  assert.equal(world.last.stdout, reportJson(world));
}

function assertSchema(world: ExperimentWorld): void {
  const file = new URL("docs/report.schema.json", `file://${packageFolder()}/`);
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(file, "utf8")));
  const printed = JSON.parse(world.last.stdout);
  assert.equal(schema.safeParse(printed).error, undefined);
  assert.equal(schema.safeParse({ ...printed, title: 5 }).success, false);
}

Then("the report has a row {string}", function (this: ExperimentWorld, row: string) {
  const rows = reportRows(this).map((cells) => cells.join(" | "));
  assert.ok(rows.includes(row), rows.join("\n"));
});

Then(
  "the report has the figure {string} with {string}",
  function (this: ExperimentWorld, name: string, text: string) {
    const values = rowsNamed(this, name).map(([, value]) => value ?? "");
    assert.ok(
      values.some((value) => value.startsWith(text)),
      values.join("\n"),
    );
  },
);

Then(
  "the report marks with {string} the window {string}, the pair of {string} and the provider {string}, and not {string}, {string} and {string}",
  function (
    this: ExperimentWorld,
    mark: string,
    window: string,
    task: string,
    provider: string,
    window2: string,
    task2: string,
    provider2: string,
  ) {
    assertMarked(this, mark, window, task, provider);
    assertUnmarked(this, window2, task2, provider2);
  },
);

function assertMarked(
  world: ExperimentWorld,
  mark: string,
  window: string,
  task: string,
  provider: string,
): void {
  for (const name of [window, task, provider]) {
    const cells = rowsNamed(world, name).flat();
    assert.ok(
      cells.some((cell) => cell.includes(mark)),
      `${name}: ${cells.join(" | ")}`,
    );
  }
}

function assertUnmarked(
  world: ExperimentWorld,
  window: string,
  task: string,
  provider: string,
): void {
  for (const name of [window, task, provider]) {
    const rows = rowsNamed(world, name);
    assert.notEqual(rows.length, 0, name);
    assert.equal(rows.flat().join(" | ").includes("†"), false, name);
  }
}

interface Comparison {
  readonly cost_ratio: {
    readonly value: number;
    readonly ci95: { readonly lower: number; readonly upper: number };
  };
  readonly order_effect: { readonly value: number };
}

function comparisonIn(world: ExperimentWorld): Comparison {
  const report: { comparisons: Comparison[] } = JSON.parse(world.last.stdout);
  const [comparison] = report.comparisons;
  assert.ok(comparison !== undefined);
  return comparison;
}

/** The costs of each task's two windows, by provider and by period. */
function pairsIn(world: ExperimentWorld) {
  const tasks = Map.groupBy(finalRows(world), ({ feature_id }) => feature_id);
  return [...tasks.values()].map((windows) => {
    const costOf = (isWanted: (row: (typeof windows)[number]) => boolean) =>
      windows.find(isWanted)?.cost.amount ?? Number.NaN;
    const first = windows.find(({ period }) => period === 1)?.provider;
    return {
      large: costOf(({ provider }) => provider === "large"),
      small: costOf(({ provider }) => provider === "small"),
      first: costOf(({ period }) => period === 1),
      second: costOf(({ period }) => period === 2),
      sequence: first === "large" ? "AB" : "BA",
    };
  });
}

function assertNear(
  actual: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
): void {
  assert.deepEqual(Object.keys(actual).toSorted(), Object.keys(expected).toSorted());
  for (const [name, value] of Object.entries(expected)) {
    const distance = Math.abs((actual[name] ?? Number.NaN) - value);
    assert.ok(distance < TOLERANCE, `${name}: ${String(actual[name])}, expected ${String(value)}`);
  }
}
