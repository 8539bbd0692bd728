import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";

import { Then } from "@cucumber/cucumber";
import { parse } from "csv-parse/sync";
import { XMLParser } from "fast-xml-parser";

import { junitFaults } from "../reports/format/test-support/junit-faults.ts";
import { finalRows } from "./support/ledger-windows.ts";
import { reportFolder } from "./support/report-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

function holds(world: ExperimentWorld, folder: string, name: string): boolean {
  return existsSync(path.join(world.file(folder), name));
}

Then(
  /^the folder (?:"([^"]+)"|of the report) (holds|does not hold) "([^"]+)"$/u,
  function (this: ExperimentWorld, named: string | undefined, verb: string, names: string) {
    const folder = named ? named : reportFolder(this);
    for (const name of names.split(", ")) {
      assert.equal(holds(this, folder, name), verb === "holds", name);
    }
  },
);

Then(
  "{string} has the quality and the cost of every window as the ledger has them",
  function (this: ExperimentWorld, file: string) {
    const rows: Record<string, string>[] = parse(this.read(file), { columns: true });
    const shown = rows.map((row) => [row["Window"], Number(row["Quality"]), Number(row["Cost"])]);
    const final = finalRows(this).map((row) => [
      row.window,
      rounded(row.quality),
      rounded(row.cost.amount),
    ]);
    assert.equal(final.length, 8);
    assert.deepEqual(shown, final);
  },
);

Then(
  "{string} is JUnit by the schema of CI servers",
  function (this: ExperimentWorld, file: string) {
    assert.deepEqual(junitFaults(this.read(file)), []);
  },
);

/** As every number of a report is rounded. */
function rounded(value: number | null): number {
  return Number(Number(value).toPrecision(12));
}

interface Case {
  readonly name: string;
  readonly failure?: { readonly message: string };
}

function casesIn(xml: string): readonly Case[] {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    isArray: (name) => name === "testsuite" || name === "testcase",
  });
  const suites: { readonly testcase: readonly Case[] }[] = parser.parse(xml).testsuites.testsuite;
  return suites.flatMap(({ testcase }) => testcase);
}

Then(
  "{string} has a case for every window, and fails those that did not pass with their own reason",
  function (this: ExperimentWorld, file: string) {
    const cases = casesIn(this.read(file));
    const final = finalRows(this);
    assert.equal(final.length, 8);
    for (const { window, outcome } of final) {
      const own = cases.filter(({ name }) => name.startsWith(`${window}: `));
      assert.equal(own.length, 1, window);
      const message = own[0]?.failure?.message ?? "pass";
      assert.ok(message.startsWith(outcome === "pass" ? "pass" : `${outcome}: `), message);
    }
    const reasons = cases.flatMap(({ failure }) => failure?.message ?? []);
    assert.ok(new Set(reasons).size > 5, reasons.join("\n"));
  },
);

Then(
  "every gate that does not hold has a reason of its own in {string}",
  function (this: ExperimentWorld, file: string) {
    const gates = casesIn(this.read(file)).filter(({ name }) => /^G\d$/u.test(name));
    const reasons = gates.map(({ failure }) => failure?.message ?? "");
    assert.equal(reasons.length, 3);
    assert.equal(new Set(reasons).size, 3, reasons.join("\n"));
    for (const reason of reasons) assert.match(reason, /^does not hold: \w+: /u);
  },
);

Then(
  "no file in {string} runs a formula, has an element of others or a control code",
  function (this: ExperimentWorld, folder: string) {
    const files = globSync("**/*.{md,csv,xml}", { cwd: this.file(folder) });
    assert.ok(files.some((file) => file.endsWith("anomalies.csv")));
    for (const file of files) {
      const text = readFileSync(path.join(this.file(folder), file), "utf8");
      assert.doesNotMatch(text, /[^\P{Cc}\n\t]/u, file);
      if (file.endsWith(".csv")) checkCells(file, text);
      else assert.doesNotMatch(text, /<(?:img|b)\b/u, file);
    }
    const anomalies = this.read(path.join(folder, "csv/anomalies.csv"));
    assert.match(anomalies, /'=cmd\(\)/u);
  },
);

function checkCells(file: string, text: string): void {
  const rows: string[][] = parse(text, { relax_column_count: true });
  const formulas = rows
    .flat()
    .filter((cell) => /^[=+@\t\r-]/u.test(cell) && Number.isNaN(Number(cell)));
  assert.deepEqual(formulas, [], file);
}
