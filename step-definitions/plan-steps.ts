import assert from "node:assert/strict";

import { Given, Then } from "@cucumber/cucumber";

import { ExperimentRegistered } from "../ledger/domain/experiment.ts";
import { useRehearsal } from "./support/kept-rehearsal.ts";
import { rememberedOf, remember } from "./support/memory.ts";
import { sha256OfCanonical } from "./support/recompute.ts";
import { printedBy } from "./support/texts.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given("what {string} prints", async function (this: ExperimentWorld, line: string) {
  remember(this, await printedBy(this, line.split(" ").slice(1)));
});

Given("the rehearsal has been run", async function (this: ExperimentWorld) {
  const { exitCode, stderr } = await useRehearsal(this);
  assert.equal(exitCode, 0, stderr);
});

Then("it prints the lines:", function (this: ExperimentWorld, lines: string) {
  assert.ok(this.last.stdout.includes(`${lines}\n`), this.last.stdout);
});

Then("it prints the same as before", function (this: ExperimentWorld) {
  this.isExitCodeSeen = true;
  assert.equal(this.last.stdout, rememberedOf(this));
});

Then("it prints another schedule than before", function (this: ExperimentWorld) {
  assert.match(this.last.stdout, /^W0-01 /mu);
  assert.notDeepEqual(scheduleIn(this.last.stdout), scheduleIn(rememberedOf(this)));
});

Then(
  "the assignments in the ledger are those of the plan, and so are its windows",
  function (this: ExperimentWorld) {
    assertAssignments(this);
    assertOrder(this);
  },
);

function assertAssignments(world: ExperimentWorld): void {
  const { registration } = JSON.parse(world.last.stdout);
  const rows = world
    .rowsOf("assignments", "feature_assigned")
    .map((row) => [row["feature_id"], row["replicate"], row["sequence"], row["providers"]]);
  const planned = registration.assignments.map((one: Record<string, unknown>) => [
    one["feature_id"],
    one["replicate"],
    one["sequence"],
    one["providers"],
  ]);
  assert.equal(rows.length, 4);
  assert.deepEqual(rows, planned);
}

function assertOrder(world: ExperimentWorld): void {
  const { registration } = JSON.parse(world.last.stdout);
  const planned = windowsOf(registration.assignments);
  assert.deepEqual(world.rowsOf("windows", "window_opened").map(placeOf), planned);
  assert.deepEqual(world.rowsOf("windows", "window_finalized").map(placeOf), planned);
}

Then(
  "its registration was written before its first window was opened, and has the hashes of its canonical JSON",
  function (this: ExperimentWorld) {
    assertRegisteredFirst(this);
    assertHash(this);
    assertId(this);
  },
);

function assertRegisteredFirst(world: ExperimentWorld): void {
  const [registered] = world.rowsOf("experiments", "experiment_registered");
  const [opened] = world.rowsOf("windows", "window_opened");
  assert.ok(registered !== undefined && opened !== undefined);
  // Ids of rows are UUIDv7: they sort by the time of writing.
  assert.ok(registered.id < opened.id && registered.recorded_at <= opened.recorded_at);
}

function assertHash(world: ExperimentWorld): void {
  const { registration, sha256 } = registrationOf(world);
  assert.equal(sha256, sha256OfCanonical(registration));
}

function assertId(world: ExperimentWorld): void {
  const { registration, experiment_id } = registrationOf(world);
  const { experiment_id: id, assignments, ...question } = registration;
  assert.deepEqual([id, Array.isArray(assignments)], [experiment_id, true]);
  assert.equal(experiment_id, sha256OfCanonical(question).slice(0, 12));
}

Then(/^it plans (another|the same) experiment$/u, function (this: ExperimentWorld, which: string) {
  const [now, before] = [planIn(this.last.stdout), planIn(rememberedOf(this))];
  assert.match(now.experiment_id, /^[0-9a-f]{12}$/u);
  const isSame = which === "the same";
  assert.equal(now.experiment_id === before.experiment_id, isSame);
  if (isSame) assert.equal(now.sha256, before.sha256);
});

Then(
  "the ledger holds an amendment of {string} alone",
  function (this: ExperimentWorld, part: string) {
    const amendments = this.rowsOf("experiments", "experiment_amended");
    assert.deepEqual(
      amendments.map(({ amended }) => Object.keys(Object(amended))),
      [[part]],
    );
  },
);

function placeOf(row: Readonly<Record<string, unknown>>): readonly unknown[] {
  return ["window", "provider", "feature_id", "period"].map((name) => row[name]);
}

/** The windows of the first replicate, set by set, period by period. */
function windowsOf(assignments: readonly Assignment[]): readonly (readonly unknown[])[] {
  return assignments
    .flatMap(({ feature_id, providers }) =>
      providers.map((provider, index) => [provider, feature_id, index + 1]),
    )
    .map((place, index) => [`W0-${String(index + 1).padStart(2, "0")}`, ...place]);
}

interface Assignment {
  readonly feature_id: string;
  readonly providers: readonly string[];
}

function scheduleIn(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.startsWith("W0-"));
}

function planIn(text: string): { readonly experiment_id: string; readonly sha256: string } {
  return JSON.parse(text);
}

function registrationOf(world: ExperimentWorld): ExperimentRegistered {
  const [row, ...others] = world.rowsOf("experiments", "experiment_registered");
  assert.deepEqual(others, []);
  return ExperimentRegistered.parse(row);
}
