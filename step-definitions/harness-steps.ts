import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";

import { sumUsage } from "../ledger/domain/usage.ts";
import { startCommand } from "./support/command-run.ts";
import { onScriptedModel } from "./support/experiment-file.ts";
import { KILL_MOMENTS } from "./support/harness-moments.ts";
import { HarnessProcess } from "./support/harness-process.ts";
import { harnessOf, keepLedger, labOf, ledgerText, writeExperiment } from "./support/lab.ts";
import {
  finalOf,
  finalRows,
  interruptedRows,
  requestRows,
  usageOf,
} from "./support/ledger-windows.ts";
import { reportJson } from "./support/report-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

const AT_WORK = "while the agent works";

/** A model slow enough to be caught at work, and a pause between the windows. */
const SLOW = { latency_ms: 200 };
const WASHOUT_S = 0.5;

Given("a slow experiment of two windows", function (this: ExperimentWorld) {
  const providers = {
    one: onScriptedModel("builtin-agent"),
    two: onScriptedModel("builtin-agent", true),
  };
  const pace = { profile: SLOW, washoutS: WASHOUT_S };
  writeExperiment(this, { task: "lru-cache", providers, ...pace });
});

Given(
  "an experiment of two windows with a washout of {int} seconds, and a run of it in a process of its own, which waits between them",
  async function (this: ExperimentWorld, washoutS: number) {
    writeWithWashout(this, washoutS);
    await startAndWaitBetween(this);
  },
);

function writeWithWashout(world: ExperimentWorld, washoutS: number): void {
  const providers = {
    one: onScriptedModel("builtin-agent"),
    two: onScriptedModel("builtin-agent", true),
  };
  writeExperiment(world, { task: "lru-cache", providers, washoutS });
}

async function startAndWaitBetween(world: ExperimentWorld): Promise<void> {
  const harness = await startAndWait(world, "between two windows");
  await harness.waitUntil(() => harness.printed().includes("W0-01 ended"));
}

Given(
  /^a run of it in a process of its own, (whose agent works|interrupted while its agent works|killed .+)$/u,
  async function (this: ExperimentWorld, what: string) {
    const isKilled = what.startsWith("killed ");
    const harness = await startAndWait(this, isKilled ? what.slice("killed ".length) : AT_WORK);
    if (isKilled) {
      await harness.kill();
      keepLedger(this);
    } else if (what.startsWith("interrupted")) {
      harness.signal("SIGINT");
      assert.equal((await harness.ended()).exitCode, 130);
    }
  },
);

When(
  /^it is interrupted( twice)?$/u,
  async function (this: ExperimentWorld, isTwice: string | undefined) {
    const harness = harnessOf(this);
    harness.signal("SIGINT");
    if (isTwice) {
      await harness.waitUntil(() => harness.printed().includes("Once more ends it at once"));
      harness.signal("SIGINT");
    }
    this.last = await harness.ended();
  },
);

When("its output has no reader any more", function (this: ExperimentWorld) {
  harnessOf(this).closeOutput();
});

Then(
  "the first run still ends with exit code {int}",
  async function (this: ExperimentWorld, exitCode: number) {
    const end = await harnessOf(this).ended();
    assert.equal(end.exitCode, exitCode, end.stderr);
  },
);

Then("the assignment is what the plan says", async function (this: ExperimentWorld) {
  const place = { cwd: this.folder, variables: this.variables };
  const { stdout } = await startCommand(["plan", "--json"], place).ended;
  const { registration } = JSON.parse(stdout);
  const assigned = this.rowsOf("assignments", "feature_assigned").map((row) => ({
    feature_id: row["feature_id"],
    replicate: row["replicate"],
    stratum: row["stratum"],
    block: row["block"],
    sequence: row["sequence"],
    providers: row["providers"],
  }));
  assert.partialDeepStrictEqual(registration.assignments, assigned);
  assert.equal(registration.assignments.length, assigned.length);
});

Then("every token that an attempt spent is recorded", function (this: ExperimentWorld) {
  const counted = finalRows(this).map((row) => sumUsage([row.usage, row.earlier_attempts.usage]));
  const spent = ["W0-01", "W0-02"].map((window) =>
    usageOf(requestRows(this).filter((row) => row.window === window)),
  );
  assert.deepEqual(counted, spent);
});

Then(
  "the attempt {int} of {string} ends as {string} with the tokens it had spent",
  function (this: ExperimentWorld, attempt: number, window: string, outcome: string) {
    const ends = interruptedRows(this).filter((row) => row.window === window);
    const [end] = ends.filter((row) => row.attempt === attempt);
    const requests = requestRows(this).filter(
      (row) => row.window === window && row.attempt === attempt,
    );
    assert.deepEqual([end?.outcome, ends.length], [outcome, 1]);
    assert.ok((end?.usage.requests ?? 0) > 0);
    assert.deepEqual(end?.usage, usageOf(requests));
  },
);

Then(
  "{string} is final at its attempt {int}, which shows those tokens separately, and whose connections the report does not know",
  function (this: ExperimentWorld, window: string, attempt: number) {
    assertSeparate(this, window, attempt);
    assertUnknown(this);
  },
);

function assertSeparate(world: ExperimentWorld, window: string, attempt: number): void {
  const row = finalOf(world, window);
  const [interrupted] = interruptedRows(world);
  assert.equal(row.attempt, attempt);
  assert.deepEqual(row.earlier_attempts, { attempts: 1, usage: interrupted?.usage });
}

function assertUnknown(world: ExperimentWorld): void {
  const { network }: { network: { unknown_attempts: number } } = JSON.parse(reportJson(world));
  assert.equal(network.unknown_attempts, 1);
}

Then("the ledger is unchanged", function (this: ExperimentWorld) {
  assert.deepEqual(ledgerText(this), labOf(this).ledgerBefore);
});

async function startAndWait(world: ExperimentWorld, moment: string): Promise<HarnessProcess> {
  const harness = new HarnessProcess(["run"], world);
  labOf(world).harness = harness;
  const isThere = KILL_MOMENTS[moment];
  assert.ok(isThere !== undefined, `No run is killed ${moment}.`);
  await harness.waitUntil(() => isThere(world));
  return harness;
}
