import assert from "node:assert/strict";

import { type DataTable, Given, Then, When } from "@cucumber/cucumber";
import { execa } from "execa";

import { compileProgram, installBuilt } from "./support/installed-package.ts";
import { valueAt } from "./support/json-path.ts";
import { cellAt } from "./support/match-cell.ts";
import { cheapPairs, pairsToCsv, toCsv } from "./support/sample-windows.ts";
import { smallExperiment } from "./support/small-experiment.ts";
import { HANG_MS } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const PAIRS = 12;

Given(
  "a file {string} of {int} pairs whose candidate needs a third",
  function (this: ExperimentWorld, name: string, pairs: number) {
    this.write(name, toCsv(cheapPairs(pairs)));
  },
);

Given("the same windows as {string}", function (this: ExperimentWorld, name: string) {
  this.write(name, JSON.stringify(cheapPairs(PAIRS), null, 2));
});

Given(
  "a file {string} of the pairs {string}",
  function (this: ExperimentWorld, name: string, pairs: string) {
    this.write(name, pairsToCsv(pairs));
  },
);

Given("a file {string} that says:", function (this: ExperimentWorld, name: string, text: string) {
  this.write(name, `${text}\n`);
});

const planned = new WeakMap<ExperimentWorld, unknown>();

Given("the plan of a small experiment is remembered", async function (this: ExperimentWorld) {
  this.write("experiment.yaml", smallExperiment());
  await this.run("experiment plan --json");
  planned.set(this, valueAt(JSON.parse(this.last.stdout), "experiment_id"));
});

Then(
  /^it is (the experiment that was|another experiment than the one) remembered$/u,
  function (this: ExperimentWorld, which: string) {
    const id = valueAt(JSON.parse(this.last.stdout), "experiment_id");
    assert.equal(typeof id, "string");
    assert.equal(id === planned.get(this), which.startsWith("the experiment"));
  },
);

Given("a project that has the built package installed", async function (this: ExperimentWorld) {
  await installBuilt(this);
});

When("its {string} is checked and run", async function (this: ExperimentWorld, name: string) {
  await compileProgram(this, name);
  const program = this.file(name.replace(/\.ts$/u, ".js"));
  const { stdout, stderr, exitCode } = await execa(process.execPath, [program], {
    reject: false,
    timeout: HANG_MS,
  });
  this.last = { stdout, stderr, exitCode: exitCode ?? 1 };
});

Then("it prints nothing", function (this: ExperimentWorld) {
  assert.equal(this.last.stdout, "");
});

Then("it prints no NaN, undefined or null", function (this: ExperimentWorld) {
  assert.doesNotMatch(this.last.stdout, /NaN|undefined|null/u);
});

Then("it prints what {string} prints", async function (this: ExperimentWorld, line: string) {
  const { stdout } = this.last;
  await this.run(line);
  assert.equal(stdout, this.last.stdout);
});

Then(
  "every interval on stdout is called fixed-n or anytime-valid, with its level",
  function (this: ExperimentWorld) {
    const intervals = this.last.stdout.match(/\([^()]* to [^()]*\)/gu) ?? [];
    assert.ok(intervals.length > 5, this.last.stdout);
    const said = /^\(9[05] % (?:CI|CS) \S+ to \S+, (?:fixed-n|anytime-valid)\)$/u;
    assert.deepEqual(
      intervals.filter((interval) => !said.test(interval)),
      [],
    );
  },
);

Then("the JSON has:", function (this: ExperimentWorld, fields: DataTable) {
  const json: unknown = JSON.parse(this.last.stdout);
  const said = fields.raw().map(([path = "", cell = ""]) => [path, cellAt(json, path, cell)]);
  assert.deepEqual(said, fields.raw());
});

Then(
  "the JSON's {string} is {string}",
  function (this: ExperimentWorld, path: string, expected: string) {
    assert.equal(String(valueAt(JSON.parse(this.last.stdout), path)), expected);
  },
);

Then(
  "the anytime method rejects in at most 5 % and the naive ones in more than 15 %",
  function (this: ExperimentWorld) {
    const json: unknown = JSON.parse(this.last.stdout);
    const rates = [0, 2, 3].map((row) => Number(valueAt(json, `rows.${String(row)}.rate`)));
    assert.ok((rates[0] ?? 1) <= 0.05 && Math.min(...rates.slice(1)) > 0.15, String(rates));
  },
);
