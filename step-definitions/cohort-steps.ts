import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";

import { byCodeUnit } from "../reports/statistics/randomisation/code-unit-order.ts";
import { runKept } from "./support/kept-runs.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given("it has been run to its end", async function (this: ExperimentWorld) {
  await runKept(this, "--seed 42");
  this.isExitCodeSeen = true;
  assert.equal(this.last.exitCode, 0, this.last.stderr);
});

Given("it has been run with {string} and its id", async function (this: ExperimentWorld, option) {
  await this.run(`experiment run --seed 42 ${String(option)} ${idOf(this)}`);
  this.isExitCodeSeen = true;
  assert.equal(this.last.exitCode, 0, this.last.stderr);
});

When("it is run with {string} and its id", async function (this: ExperimentWorld, option) {
  await this.run(`experiment run --seed 42 ${String(option)} ${idOf(this)}`);
});

When("it is run again with {string} and its id", async function (this: ExperimentWorld, options) {
  await this.run(`experiment run ${String(options)} ${idOf(this)}`);
});

Then(
  "the ledger holds {int} registrations of one experiment",
  function (this: ExperimentWorld, count: number) {
    const ids = registeredIds(this);
    assert.equal(ids.length, count);
    assert.equal(new Set(ids).size, 1);
  },
);

Then(
  "the windows of {string} were made final once",
  function (this: ExperimentWorld, feature: string) {
    const rows = this.rowsOf("windows", "window_finalized");
    const own = rows.filter(({ feature_id: id }) => id === feature);
    assert.deepEqual(own.map(({ window }) => String(window)).toSorted(byCodeUnit), [
      "W0-01",
      "W0-02",
    ]);
  },
);

Then("the windows have the ids {string}", function (this: ExperimentWorld, names: string) {
  const rows = this.rowsOf("windows", "window_finalized");
  assert.equal(rows.map(({ window }) => window).join(", "), names);
});

Then("it plans another experiment than the ledger's", function (this: ExperimentWorld) {
  assert.notEqual(JSON.parse(this.last.stdout).experiment_id, idOf(this));
});

When("I plan it with {string} and its id", async function (this: ExperimentWorld, option) {
  await this.run(`experiment plan --seed 42 ${String(option)} ${idOf(this)}`);
});

Then(
  "the balance of the plan is of {int} matched set in each of {string}",
  async function (this: ExperimentWorld, sets: number, strata: string) {
    await this.run(`experiment plan --seed 42 --extend ${idOf(this)} --json`);
    const balance: readonly {
      stratum: string;
      nAB: number;
      nBA: number;
      isWithinBound: boolean;
    }[] = JSON.parse(this.last.stdout).balance;
    assert.deepEqual(
      balance.map(({ stratum, nAB, nBA, isWithinBound }) => [stratum, nAB + nBA, isWithinBound]),
      strata.split("; ").map((stratum) => [stratum, sets, true]),
    );
  },
);

Then(
  "the ledger puts {string} into cohort {int} and {string} into none",
  function (this: ExperimentWorld, later: string, cohort: number, first: string) {
    const rows = this.rowsOf("assignments", "feature_assigned");
    const cohortOf = (feature: string) =>
      rows.find(({ feature_id: id }) => id === feature)?.["cohort"];
    assert.deepEqual([cohortOf(later), cohortOf(first)], [cohort, undefined]);
  },
);

function registeredIds(world: ExperimentWorld): readonly unknown[] {
  return world.rowsOf("experiments", "experiment_registered").map((row) => row["experiment_id"]);
}

function idOf(world: ExperimentWorld): string {
  const [id] = registeredIds(world);
  assert.ok(typeof id === "string");
  return id;
}
