import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";

import { Given, Then, When } from "@cucumber/cucumber";

import { tokensIn } from "../ledger/domain/token-basis.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { useFinishedExperiment, useFormerExperiment } from "./support/finished-experiment.ts";
import { gitIn } from "./support/git-facts.ts";
import { finalOfOrder, finalRows, interruptedRows } from "./support/ledger-windows.ts";
import { COMMAND, runProcess } from "./support/run-process.ts";
import { filesHolding } from "./support/search-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

const FORMER_ID = "ffffffffffff";
/** Starts a program as root without the right to pass over the permissions of files. */
const BOUND_ROOT = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];

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

Then(
  "every window ends as {string} with the quality {float}",
  function (this: ExperimentWorld, outcome: string, quality: number) {
    const ends = finalRows(this).map((row) => [row.outcome, row.quality]);
    assert.deepEqual(ends, [
      [outcome, quality],
      [outcome, quality],
    ]);
  },
);

Then(
  "every window ends as {string} with a quality below 1",
  function (this: ExperimentWorld, outcome: string) {
    const rows = finalRows(this);
    assert.deepEqual(
      rows.map((row) => row.outcome),
      [outcome, outcome],
    );
    assert.ok(rows.every(({ quality }) => quality !== null && quality < 1));
  },
);

Then(
  "every window ends as {string} after one refused request",
  function (this: ExperimentWorld, outcome: string) {
    const ends = finalRows(this).map((row) => [row.outcome, row.requests.refused]);
    assert.deepEqual(ends, [
      [outcome, 1],
      [outcome, 1],
    ]);
  },
);

Then("every window changed files of its workspace", function (this: ExperimentWorld) {
  const changed = atLeastOne(finalRows(this)).map(({ churn }) => churn?.files_changed ?? 0);
  assert.ok(
    changed.every((files) => files > 0),
    String(changed),
  );
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

When(
  "I run {string} as a user whom permissions of files bind",
  async function (this: ExperimentWorld, line: string) {
    const [, ...args] = line.split(" ");
    const command = [process.execPath, COMMAND, ...args];
    this.last = await runProcess(
      this,
      process.getuid?.() === 0 ? [...BOUND_ROOT, ...command] : command,
    );
  },
);

Then("the only anomaly is {string}", function (this: ExperimentWorld, kind: string) {
  const kinds = this.rows("anomalies").map((row) => row["kind"]);
  assert.deepEqual([...new Set(kinds)], [kind]);
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

Then("the capture of one window holds {string}", function (this: ExperimentWorld, text: string) {
  assert.equal(filesHolding(this.file(".experiment/captures"), text).length, 1);
});

Then("its output holds {string}", function (this: ExperimentWorld, text: string) {
  assert.equal(filesHolding(this.file(".experiment/captures"), text).length, 2);
});

Then(
  "the capture of the first window holds {string}",
  function (this: ExperimentWorld, text: string) {
    const { experiment_id: id, window, attempt } = finalOfOrder(this, 1);
    const capture = this.read(`.experiment/captures/${id}/${window}-${String(attempt)}.jsonl`);
    assert.ok(capture.includes(text), capture);
  },
);

Then(
  "the first window ends as {string} because {string}",
  function (this: ExperimentWorld, outcome: string, because: string) {
    const row = finalOfOrder(this, 1);
    assert.equal(row.outcome, outcome, row.reason ?? "");
    assert.ok((row.reason ?? "").includes(because), row.reason ?? "no reason");
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

Then(
  "the first window ends as {string} with the quality {float}",
  function (this: ExperimentWorld, outcome: string, quality: number) {
    const row = finalOfOrder(this, 1);
    assert.deepEqual([row.outcome, row.quality], [outcome, quality]);
  },
);

Then(
  "the first window ends as {string} without a grade",
  function (this: ExperimentWorld, outcome: string) {
    const row = finalOfOrder(this, 1);
    assert.deepEqual([row.outcome, row.quality, row.scenarios], [outcome, null, []]);
  },
);

Then(
  "the first window ends as {string} without a grade, at the third attempt",
  function (this: ExperimentWorld, outcome: string) {
    const row = finalOfOrder(this, 1);
    assert.deepEqual([row.outcome, row.quality, row.attempt], [outcome, null, 3]);
    const earlier = interruptedRows(this).map((each) => [each.attempt, each.outcome]);
    assert.deepEqual(earlier, [
      [1, outcome],
      [2, outcome],
    ]);
  },
);

Then(
  "the first window ends as {string} at the attempt {int}",
  function (this: ExperimentWorld, outcome: string, attempt: number) {
    const row = finalOfOrder(this, 1);
    assert.deepEqual(
      [row.outcome, row.attempt, row.earlier_attempts.attempts],
      [outcome, attempt, attempt - 1],
      row.reason ?? "",
    );
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

Then("1 window was opened, and none is final", function (this: ExperimentWorld) {
  assert.equal(this.rowsOf("windows", "window_opened").length, 1);
  assert.deepEqual(finalRows(this), []);
});

Then("it is tried once", function (this: ExperimentWorld) {
  atLeastOne(finalRows(this));
  assert.deepEqual(interruptedRows(this), []);
});

Then("each attempt has one end in the ledger", function (this: ExperimentWorld) {
  const keys = (record: string) =>
    this.rowsOf("windows", record).map(
      (row) => `${String(row["window"])}.${String(row["attempt"])}`,
    );
  const ends = [...keys("window_interrupted"), ...keys("window_finalized")];
  assert.deepEqual(atLeastOne(ends).toSorted(), keys("window_opened").toSorted());
});

Then("the second window ends as {string}", function (this: ExperimentWorld, outcome: string) {
  const row = finalOfOrder(this, 2);
  assert.equal(row.outcome, outcome, row.reason ?? "");
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
