import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";

import { Given, Then, When } from "@cucumber/cucumber";
import { parseCommandString } from "execa";

import { tokensIn } from "../ledger/domain/token-basis.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { useFinishedExperiment, useFormerExperiment } from "./support/finished-experiment.ts";
import { gitIn } from "./support/git-facts.ts";
import { finalOfOrder, finalRows } from "./support/ledger-windows.ts";
import type { Runner } from "./support/runners.ts";
import { filesHolding } from "./support/search-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

const FORMER_ID = "ffffffffffff";
Given("a finished experiment of two windows", async function (this: ExperimentWorld) {
  await useFinishedExperiment(this);
});

Given(
  "an experiment that began when quality was the share of all scenarios",
  async function (this: ExperimentWorld) {
    await useFormerExperiment(this, FORMER_ID);
  },
);

Given("a git repository {string}", async function (this: ExperimentWorld, folder: string) {
  this.write(`${folder}/.keep`, "");
  await gitIn(this.file(folder), ["init", "--quiet"]);
});

Then("every window's own report counts the same tokens", function (this: ExperimentWorld) {
  for (const { usage, reported_usage: reported } of atLeastOne(finalRows(this))) {
    assert.ok(reported !== null);
    assert.equal(tokensIn("all", reported), tokensIn("all", usage));
  }
});

Then("no anomaly is recorded", function (this: ExperimentWorld) {
  atLeastOne([...this.rows("windows"), ...this.rows("snapshots")]);
  assert.deepEqual(this.rows("anomalies"), []);
});

When("I run {string} {runner}", async function (this: ExperimentWorld, line: string, run: Runner) {
  this.last = await run(this, parseCommandString(line));
});

Then(
  "the window of {string} has an anomaly that says {string}",
  function (this: ExperimentWorld, provider: string, text: string) {
    const final = finalRows(this).find((row) => row.provider === provider);
    const cited = this.rows("anomalies").filter(({ id }) => final?.anomalies.includes(id) === true);
    const said = cited.map((row) => String(row["action"]));
    assert.ok(
      said.some((action) => action.includes(text)),
      said.join("\n"),
    );
  },
);

Then(
  "{int} capture(s) hold(s) {string}",
  function (this: ExperimentWorld, count: number, text: string) {
    assert.equal(filesHolding(this.file(".experiment/captures"), text).length, count);
  },
);

Then(
  "it ends with exit code {int}, and {string} alone has ended a window",
  function (this: ExperimentWorld, exitCode: number, provider: string) {
    assert.equal(this.last.exitCode, exitCode, this.last.stderr);
    this.isExitCodeSeen = true;
    const ended = finalRows(this).map((row) => row.provider);
    assert.deepEqual(ended, [provider]);
  },
);

Then(
  "{string} has ended a window before the first window",
  function (this: ExperimentWorld, provider: string) {
    const rows = finalRows(this);
    const { window } = finalOfOrder(this, 1);
    const before = rows
      .slice(
        0,
        rows.findIndex((row) => row.window === window),
      )
      .map((row) => row.provider);
    assert.ok(before.includes(provider), before.join(", "));
  },
);

Then("the first window counts {int} tokens", function (this: ExperimentWorld, tokens: number) {
  assert.equal(tokensIn("all", finalOfOrder(this, 1).usage), tokens);
});

Then(
  "the windows end as {string}, in the order of the schedule",
  function (this: ExperimentWorld, outcomes: string) {
    const finals = finalRows(this).toSorted((left, right) => (left.window < right.window ? -1 : 1));
    assert.equal(finals.map(({ outcome }) => outcome).join(", "), outcomes);
  },
);

Then(
  "the windows end as {string}, in any order",
  function (this: ExperimentWorld, outcomes: string) {
    const ended = finalRows(this).map(({ outcome }) => outcome);
    assert.equal(ended.toSorted().join(", "), outcomes);
  },
);

Then("each attempt has one end in the ledger", function (this: ExperimentWorld) {
  const keys = (record: string) =>
    this.rowsOf("windows", record).map(
      (row) => `${String(row["window"])}.${String(row["attempt"])}`,
    );
  const ends = [...keys("window_interrupted"), ...keys("window_finalized")];
  assert.deepEqual(atLeastOne(ends).toSorted(), keys("window_opened").toSorted());
});

Then(
  "each window ran in a folder of its own below {string}",
  function (this: ExperimentWorld, root: string) {
    const folders = atLeastOne(finalRows(this)).map(
      (row) => `${row.window}-${String(row.attempt)}-`,
    );
    const made = readdirSync(this.file(root), { recursive: true })
      .map((name) => path.basename(String(name)))
      .filter((name) => /^W\d+-\d+-\d+-/.test(name));
    assert.equal(made.length, folders.length);
    assert.ok(folders.every((start) => made.some((name) => name.startsWith(start))));
  },
);

Then("{string} does not exist", function (this: ExperimentWorld, name: string) {
  assert.equal(this.exists(name), false);
});
