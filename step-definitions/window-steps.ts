import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";

import { type DataTable, Given, Then, When } from "@cucumber/cucumber";

import { tokensIn } from "../ledger/domain/token-basis.ts";
import { useFinishedExperiment } from "./support/finished-experiment.ts";
import { gitIn, sealedGitOf, workspaceOf } from "./support/git-facts.ts";
import { labOf } from "./support/lab.ts";
import {
  finalOf,
  finalOfOrder,
  finalRows,
  interruptedRows,
  requestRows,
  usageOf,
} from "./support/ledger-windows.ts";
import { filesHolding } from "./support/search-files.ts";
import { rowsOfWindow, windowSeen } from "./support/window-rows.ts";
import type { ExperimentWorld } from "./support/world.ts";

const TELEMETRY_FIELDS = [
  "timestamp",
  "session_id",
  "subagent_id",
  "backend_provider",
  "model",
  "prompt_tokens",
  "completion_tokens",
  "latency_ms",
  "status",
  "trace_id",
];

Given("a finished experiment of two windows", async function (this: ExperimentWorld) {
  await useFinishedExperiment(this);
});

Given("a git repository {string}", async function (this: ExperimentWorld, folder: string) {
  this.write(`${folder}/.keep`, "");
  await gitIn(this.file(folder), ["init", "--quiet"]);
});

When("I look at the window {string}", function (this: ExperimentWorld, window: string) {
  labOf(this).window = window;
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
  const changed = finalRows(this).map(({ churn }) => churn?.files_changed ?? 0);
  assert.ok(
    changed.every((files) => files > 0),
    String(changed),
  );
});

Then("every window's own report counts the same tokens", function (this: ExperimentWorld) {
  for (const { usage, reported_usage: reported } of finalRows(this)) {
    assert.ok(reported !== null);
    assert.equal(tokensIn("all", reported), tokensIn("all", usage));
  }
});

Then("no anomaly is recorded", function (this: ExperimentWorld) {
  assert.deepEqual(this.rows("anomalies"), []);
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
  "the first window ends as {string} at the second attempt",
  function (this: ExperimentWorld, outcome: string) {
    const row = finalOfOrder(this, 1);
    assert.deepEqual(
      [row.outcome, row.attempt, row.earlier_attempts.attempts],
      [outcome, 2, 1],
      row.reason ?? "",
    );
  },
);

Then("the first window counts {int} tokens", function (this: ExperimentWorld, tokens: number) {
  assert.equal(tokensIn("all", finalOfOrder(this, 1).usage), tokens);
});

Then("it is tried once", function (this: ExperimentWorld) {
  assert.deepEqual(interruptedRows(this), []);
});

Then("each attempt left one end in the ledger", function (this: ExperimentWorld) {
  const keys = (record: string) =>
    this.rowsOf("windows", record).map(
      (row) => `${String(row["window"])}.${String(row["attempt"])}`,
    );
  const ends = [...keys("window_interrupted"), ...keys("window_finalized")];
  assert.deepEqual(ends.toSorted(), keys("window_opened").toSorted());
});

Then("the second window ends as {string}", function (this: ExperimentWorld, outcome: string) {
  const row = finalOfOrder(this, 2);
  assert.equal(row.outcome, outcome, row.reason ?? "");
});

Then(
  "its rows are, in the order of their writing:",
  function (this: ExperimentWorld, table: DataTable) {
    const rows = rowsOfWindow(this, windowSeen(this)).map(({ file, row }) => [
      file,
      row.record,
      typeof row["phase"] === "string" ? row["phase"] : "",
    ]);
    assert.deepEqual(rows, table.rows());
  },
);

Then("every row of it carries the envelope and the window's key", function (this: ExperimentWorld) {
  const final = finalOf(this, windowSeen(this));
  for (const { row } of rowsOfWindow(this, windowSeen(this))) {
    assert.equal(row.source, "automation");
    assert.match(row.recorded_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
    assert.ok(row.id && row.schema_version && row.tool_version && row.agent_id);
    for (const key of ["experiment_id", "attempt", "provider", "feature_id", "replicate"])
      assert.equal(row[key], final[key], `${key} of ${row.record}`);
  }
});

Then(
  "its readings name the meter {string} in {string}",
  function (this: ExperimentWorld, name: string, unit: string) {
    const { before, after } = finalOf(this, windowSeen(this)).meters;
    const names = [...before, ...after].map((meter) => [meter.name, meter.unit]);
    assert.deepEqual(names, [
      [name, unit],
      [name, unit],
    ]);
  },
);

Then(
  "its capacity is what the meter moved, which is what its requests took",
  function (this: ExperimentWorld) {
    const { meters, capacity, cost, usage } = finalOf(this, windowSeen(this));
    const moved = (meters.after[0]?.used ?? 0) - (meters.before[0]?.used ?? 0);
    const taken = tokensIn("uncached", usage);
    assert.ok(taken > 0);
    assert.deepEqual([moved, capacity[0]?.delta, cost.amount], [taken, taken, taken]);
  },
);

Then("its final row says:", function (this: ExperimentWorld, table: DataTable) {
  const row = finalOf(this, windowSeen(this));
  const said = table.hashes().map(({ FIELD = "" }) => [FIELD, String(row[FIELD])]);
  assert.deepEqual(said, table.rows());
});

Then(
  "it has the result of every acceptance scenario, visible and held-out",
  function (this: ExperimentWorld) {
    const { scenarios } = finalOf(this, windowSeen(this));
    const suites = Object.groupBy(scenarios, ({ suite }) => suite);
    assert.ok((suites.visible?.length ?? 0) > 0 && (suites["held-out"]?.length ?? 0) > 0);
    assert.ok(scenarios.every(({ status }) => status === "passed"));
  },
);

Then("it names the versions of the agent and of the grader", function (this: ExperimentWorld) {
  const { versions } = finalOf(this, windowSeen(this));
  assert.deepEqual(Object.keys(versions).toSorted(), ["builtin-agent", "cucumber"]);
});

Then(
  "it starts from the same commit as the window {string}",
  function (this: ExperimentWorld, other: string) {
    const { commit_start: start } = finalOf(this, windowSeen(this));
    assert.match(start ?? "", /^[0-9a-f]{40}$/u);
    assert.equal(start, finalOf(this, other).commit_start);
  },
);

Then(
  "its workspace is a git repository that starts with that commit",
  async function (this: ExperimentWorld) {
    const roots = await gitIn(workspaceOf(this), ["rev-list", "--max-parents=0", "HEAD"]);
    assert.equal(roots, finalOf(this, windowSeen(this)).commit_start);
  },
);

Then(
  "its end is another commit, which changed only {string}",
  async function (this: ExperimentWorld, folder: string) {
    const { commit_start: start, commit_end: end } = finalOf(this, windowSeen(this));
    const range = `${String(start)}..${String(end)}`;
    const changed = await gitIn(sealedGitOf(this), ["diff", "--name-only", range]);
    assert.ok(changed !== "" && changed.split("\n").every((file) => file.startsWith(folder)));
  },
);

Then("its churn is that commit's", async function (this: ExperimentWorld) {
  const { churn, commit_start: start, commit_end: end } = finalOf(this, windowSeen(this));
  const range = `${String(start)}..${String(end)}`;
  const stat = await gitIn(sealedGitOf(this), ["diff", "--numstat", range]);
  const [insertions, deletions] = stat.split("\t").map(Number);
  assert.deepEqual(churn, { files_changed: 1, insertions, deletions });
  const [row] = this.rowsOf("churn", "churn_measured").filter(
    ({ window }) => window === windowSeen(this),
  );
  assert.deepEqual([row?.["churn"], row?.["commit_end"]], [churn, end]);
});

Then("each of its requests has all ten fields of the telemetry", function (this: ExperimentWorld) {
  const requests = requestRows(this).filter((row) => row.window === windowSeen(this));
  assert.ok(requests.length > 0);
  const lacking = requests.flatMap((row) => TELEMETRY_FIELDS.filter((field) => !(field in row)));
  assert.deepEqual(lacking, []);
});

Then("their tokens add up to those of its final row", function (this: ExperimentWorld) {
  const requests = requestRows(this).filter((row) => row.window === windowSeen(this));
  assert.deepEqual(usageOf(requests), finalOf(this, windowSeen(this)).usage);
});

Then(
  "each window was worked in a folder of its own below {string}",
  function (this: ExperimentWorld, root: string) {
    const folders = finalRows(this).map((row) => `${row.window}-${String(row.attempt)}-`);
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
