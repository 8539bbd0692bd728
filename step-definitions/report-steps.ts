import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";

import { type DataTable, Given, Then, When } from "@cucumber/cucumber";
import { z } from "zod";

import { packageFolder } from "../runner/platform/environment/package-folder.ts";
import { addRow, correctionOf } from "./support/corrections.ts";
import { finalOf, finalRows } from "./support/ledger-windows.ts";
import { remember, rememberedOf } from "./support/memory.ts";
import { geometricMeanRatio, periodRatio } from "./support/recompute.ts";
import {
  reportBytes,
  reportJson,
  reportRows,
  reportText,
  rowsNamed,
} from "./support/report-files.ts";
import { runProcess, COMMAND } from "./support/run-process.ts";
import type { ExperimentWorld } from "./support/world.ts";

const TOLERANCE = 1e-9;

Given("the report is remembered", function (this: ExperimentWorld) {
  remember(this, reportBytes(this));
});

Given("a copy of the ledger in {string}", function (this: ExperimentWorld, folder: string) {
  cpSync(this.file(".experiment/ledger"), this.file(folder), { recursive: true });
});

Given("an anomaly that affects {string}", async function (this: ExperimentWorld, window: string) {
  const { experiment_id } = finalOf(this, window);
  await addRow(this, "anomalies", {
    record: "anomaly_recorded",
    experiment_id,
    window,
    kind: "made-up",
    touches: [window],
    observed: {},
    action: "Nothing was done.",
  });
});

Given(
  "a correction by which {string} ended as {string}",
  async function (this: ExperimentWorld, window: string, outcome: string) {
    const [row] = this.rowsOf("windows", "window_finalized").filter(
      (final) => final["window"] === window,
    );
    assert.ok(row !== undefined);
    const changes = { outcome, reason: "The plan's limit.", quality: null };
    await addRow(this, "windows", correctionOf(row, changes));
  },
);

When(
  "{string} is run in a process with TZ {string} and LC_ALL {string}",
  async function (this: ExperimentWorld, line: string, zone: string, locale: string) {
    Object.assign(this.variables, { TZ: zone, LC_ALL: locale, LANG: locale });
    this.last = await runProcess(this, [process.execPath, COMMAND, ...line.split(" ")]);
  },
);

Then("the report begins with {string}", function (this: ExperimentWorld, title: string) {
  assert.equal(reportText(this).split("\n", 1)[0], title);
});

Then("the report has the sections:", function (this: ExperimentWorld, sections: DataTable) {
  const headings = reportText(this)
    .split("\n")
    .filter((line) => line.startsWith("## "))
    .map((line) => line.slice(3));
  assert.deepEqual(headings, sections.raw().flat());
});

Then(
  "the report names every window with its outcome, its quality and its cost",
  function (this: ExperimentWorld) {
    const shown = reportRows(this)
      .filter(([first = ""]) => first.startsWith("W0-"))
      .map((cells) => [cells[0], cells[4], cells[7], cells[9], cells[10]?.replaceAll(",", "")]);
    const final = finalRows(this).map((row) => [
      row.window,
      row.provider,
      row.outcome,
      row.quality?.toFixed(3),
      String(row.cost.amount),
    ]);
    assert.equal(final.length, 8);
    assert.deepEqual(shown, final);
  },
);

Then("the report names the versions of {string}", function (this: ExperimentWorld, parts: string) {
  for (const part of parts.split(", ")) {
    assert.match(rowsNamed(this, part).flat().at(-1) ?? "", /^v?\d+\.\d+\.\d+/u, part);
  }
});

Then(
  "the cost ratio and its interval are those of the 4 pairs in the ledger",
  function (this: ExperimentWorld) {
    const pairs = pairsIn(this);
    const expected = geometricMeanRatio(pairs.map(({ large, small }) => large / small));
    const { value, ci95 } = comparisonIn(this).cost_ratio;
    assert.equal(pairs.length, 4);
    assertNear({ value, ...ci95 }, expected);
  },
);

Then("the order effect is that of the periods of those pairs", function (this: ExperimentWorld) {
  const value = periodRatio(pairsIn(this));
  assertNear({ value: comparisonIn(this).order_effect.value }, { value });
});

Then("the report is unchanged, to the byte", function (this: ExperimentWorld) {
  assert.equal(reportBytes(this), rememberedOf(this));
});

Then(
  "the report in {string} is the same, to the byte",
  function (this: ExperimentWorld, data: string) {
    assert.equal(reportBytes(this, data), rememberedOf(this));
  },
);

Then("it prints the same as report.json", function (this: ExperimentWorld) {
  assert.equal(this.last.stdout, reportJson(this));
});

Then("the output matches the published JSON Schema", function (this: ExperimentWorld) {
  const file = new URL("docs/report.schema.json", `file://${packageFolder()}/`);
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(file, "utf8")));
  const printed = JSON.parse(this.last.stdout);
  assert.equal(schema.safeParse(printed).error, undefined);
  assert.equal(schema.safeParse({ ...printed, title: 5 }).success, false);
});

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

Then("the report says {string}", function (this: ExperimentWorld, text: string) {
  assert.ok(reportText(this).includes(text), reportText(this));
});

Then(
  "the report marks with {string} the window {string}, the pair of {string} and the provider {string}",
  function (this: ExperimentWorld, mark: string, window: string, task: string, provider: string) {
    for (const name of [window, task, provider]) {
      const cells = rowsNamed(this, name).flat();
      assert.ok(
        cells.some((cell) => cell.includes(mark)),
        `${name}: ${cells.join(" | ")}`,
      );
    }
  },
);

Then(
  "the report marks neither the window {string} nor the pair of {string} nor the provider {string}",
  function (this: ExperimentWorld, window: string, task: string, provider: string) {
    for (const name of [window, task, provider]) {
      const rows = rowsNamed(this, name);
      assert.notEqual(rows.length, 0, name);
      assert.equal(rows.flat().join(" | ").includes("†"), false, name);
    }
  },
);

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
