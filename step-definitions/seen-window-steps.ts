import assert from "node:assert/strict";

import { type DataTable, Then, When } from "@cucumber/cucumber";

import { tokensIn } from "../ledger/domain/token-basis.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { gitIn, sealedGitOf, workspaceOf } from "./support/git-facts.ts";
import { labOf } from "./support/lab.ts";
import { finalOf, requestRows, usageOf } from "./support/ledger-windows.ts";
import { TELEMETRY_FIELDS } from "./support/telemetry-fields.ts";
import { rowsOfWindow, windowSeen } from "./support/window-rows.ts";
import type { ExperimentWorld } from "./support/world.ts";

When("I look at the window {string}", function (this: ExperimentWorld, window: string) {
  labOf(this).window = window;
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
  for (const { row } of atLeastOne(rowsOfWindow(this, windowSeen(this)))) {
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
  "its capacity is the movement of the meter, which equals the use of its requests",
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
  const lacking = atLeastOne(requests).flatMap((row) =>
    TELEMETRY_FIELDS.filter((field) => !(field in row)),
  );
  assert.deepEqual(lacking, []);
});

Then("their tokens add up to those of its final row", function (this: ExperimentWorld) {
  const requests = requestRows(this).filter((row) => row.window === windowSeen(this));
  assert.deepEqual(usageOf(requests), finalOf(this, windowSeen(this)).usage);
});
