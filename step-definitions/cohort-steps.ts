import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";

import { runKept } from "./support/kept-runs.ts";
import { assertSucceeded } from "./support/succeeded.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given("it has been run to its end", async function (this: ExperimentWorld) {
  await runKept(this, "--seed 42");
  this.isExitCodeSeen = true;
  assert.equal(this.last.exitCode, 0, this.last.stderr);
});

When(
  /^it (is|has been) (run|run again|planned) with "([^"]*)" and its id$/u,
  async function (this: ExperimentWorld, tense: string, command: string, options: string) {
    const verb = command === "planned" ? "plan" : "run";
    const seed = command === "run again" ? "" : "--seed 42 ";
    await this.run(`experiment ${verb} ${seed}${options} ${idOf(this)}`);
    if (tense === "has been") assertSucceeded(this);
  },
);

Then(
  "the ledger holds {int} registrations of one experiment",
  function (this: ExperimentWorld, count: number) {
    const ids = registeredIds(this);
    assert.equal(ids.length, count);
    assert.equal(new Set(ids).size, 1);
  },
);

Then("it plans another experiment than the ledger's", function (this: ExperimentWorld) {
  assert.notEqual(JSON.parse(this.last.stdout).experiment_id, idOf(this));
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

function registeredIds(world: ExperimentWorld): readonly unknown[] {
  return world.rowsOf("experiments", "experiment_registered").map((row) => row["experiment_id"]);
}

function idOf(world: ExperimentWorld): string {
  const [id] = registeredIds(world);
  assert.ok(typeof id === "string");
  return id;
}
