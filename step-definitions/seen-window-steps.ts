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
  "its rows carry its key, and are in the order of their writing:",
  function (this: ExperimentWorld, table: DataTable) {
    assertRowsInOrder(this, table);
    assertKeys(this);
  },
);

function assertRowsInOrder(world: ExperimentWorld, table: DataTable): void {
  const rows = rowsOfWindow(world, windowSeen(world)).map(({ file, row }) => [
    file,
    row.record,
    typeof row["phase"] === "string" ? row["phase"] : "",
  ]);
  assert.deepEqual(rows, table.rows());
}

function assertKeys(world: ExperimentWorld): void {
  const final = finalOf(world, windowSeen(world));
  for (const { row } of atLeastOne(rowsOfWindow(world, windowSeen(world)))) {
    assert.equal(row.source, "automation");
    assert.match(row.recorded_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
    assert.ok(row.id && row.schema_version && row.tool_version && row.agent_id);
    for (const key of ["experiment_id", "attempt", "provider", "feature_id", "replicate"])
      assert.equal(row[key], final[key], `${key} of ${row.record}`);
  }
}

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

Then(
  "it has the result of every acceptance scenario, visible and held-out, and the versions of the agent and of the grader",
  function (this: ExperimentWorld) {
    assertScenarios(this);
    assertVersions(this);
  },
);

function assertScenarios(world: ExperimentWorld): void {
  const { scenarios } = finalOf(world, windowSeen(world));
  const suites = Object.groupBy(scenarios, ({ suite }) => suite);
  assert.ok((suites.visible?.length ?? 0) > 0 && (suites["held-out"]?.length ?? 0) > 0);
  assert.ok(scenarios.every(({ status }) => status === "passed"));
}

function assertVersions(world: ExperimentWorld): void {
  const { versions } = finalOf(world, windowSeen(world));
  assert.deepEqual(Object.keys(versions).toSorted(), ["builtin-agent", "cucumber"]);
}

Then(
  "it starts from the commit of the window {string}, as its workspace does, and its end and its churn change only {string}",
  async function (this: ExperimentWorld, other: string, folder: string) {
    assertSameStart(this, other);
    await assertWorkspaceStart(this);
    await assertChanged(this, folder);
    await assertChurn(this);
  },
);

function assertSameStart(world: ExperimentWorld, other: string): void {
  const { commit_start: start } = finalOf(world, windowSeen(world));
  assert.match(start ?? "", /^[0-9a-f]{40}$/u);
  assert.equal(start, finalOf(world, other).commit_start);
}

async function assertWorkspaceStart(world: ExperimentWorld): Promise<void> {
  const roots = await gitIn(workspaceOf(world), ["rev-list", "--max-parents=0", "HEAD"]);
  assert.equal(roots, finalOf(world, windowSeen(world)).commit_start);
}

async function assertChanged(world: ExperimentWorld, folder: string): Promise<void> {
  const { commit_start: start, commit_end: end } = finalOf(world, windowSeen(world));
  const range = `${String(start)}..${String(end)}`;
  const changed = await gitIn(sealedGitOf(world), ["diff", "--name-only", range]);
  assert.ok(changed !== "" && changed.split("\n").every((file) => file.startsWith(folder)));
}

async function assertChurn(world: ExperimentWorld): Promise<void> {
  const { churn, commit_start: start, commit_end: end } = finalOf(world, windowSeen(world));
  const range = `${String(start)}..${String(end)}`;
  const stat = await gitIn(sealedGitOf(world), ["diff", "--numstat", range]);
  const [insertions, deletions] = stat.split("\t").map(Number);
  assert.deepEqual(churn, { files_changed: 1, insertions, deletions });
  const [row] = world
    .rowsOf("churn", "churn_measured")
    .filter(({ window }) => window === windowSeen(world));
  assert.deepEqual([row?.["churn"], row?.["commit_end"]], [churn, end]);
}

Then(
  "each of its requests has all ten fields of the telemetry, and their tokens add up to those of its final row",
  function (this: ExperimentWorld) {
    assertFields(this);
    assertTokens(this);
  },
);

function assertFields(world: ExperimentWorld): void {
  const requests = requestRows(world).filter((row) => row.window === windowSeen(world));
  const lacking = atLeastOne(requests).flatMap((row) =>
    TELEMETRY_FIELDS.filter((field) => !(field in row)),
  );
  assert.deepEqual(lacking, []);
}

function assertTokens(world: ExperimentWorld): void {
  const requests = requestRows(world).filter((row) => row.window === windowSeen(world));
  assert.deepEqual(usageOf(requests), finalOf(world, windowSeen(world)).usage);
}
