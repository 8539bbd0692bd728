import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";

import { Given, Then, When } from "@cucumber/cucumber";

import { labOf } from "./support/lab.ts";
import { ageCaptures, captureFiles, keepUncited, longCapture } from "./support/manual-captures.ts";
import {
  captureInProcesses,
  SMALL_PANE,
  snapshotsAtOnce,
  takeSnapshot,
} from "./support/manual-work.ts";
import type { ExperimentWorld } from "./support/world.ts";

When(
  "{int} processes of {string} hand in the same pane before {string} at once",
  async function (this: ExperimentWorld, count: number, agent: string, window: string) {
    const capture = { agent, window, pane: SMALL_PANE };
    const captures = Array.from({ length: count }, () => capture);
    labOf(this).ends = await captureInProcesses(this, captures);
  },
);

Given(
  /^the agents "(.*)" and "(.*)" (read|have read) codex before "(.*)" and "(.*)"(?: at once)?$/u,
  // oxlint-disable-next-line max-params -- one for each of the sentence
  async function (
    this: ExperimentWorld,
    one: string,
    other: string,
    tense: string,
    first: string,
    second: string,
  ) {
    const isNow = tense === "read";
    const ends = await captureInProcesses(this, [
      { agent: one, window: first, pane: SMALL_PANE },
      { agent: other, window: second, pane: isNow ? SMALL_PANE.replace("1%", "2%") : SMALL_PANE },
    ]);
    labOf(this).ends = ends;
    for (const { exitCode, stderr } of isNow ? [] : ends) assert.equal(exitCode, 0, stderr);
  },
);

Then("they end with exit codes {string}", function (this: ExperimentWorld, expected: string) {
  const codes = labOf(this).ends?.map(({ exitCode }) => exitCode);
  assert.equal(codes?.toSorted().join(", "), expected);
});

Then(
  "{string} and {string} have written a row each and remember it",
  function (this: ExperimentWorld, one: string, other: string) {
    for (const agent of [one, other]) {
      const written = this.rows("snapshots").filter((row) => row.agent_id === agent);
      assert.equal(written.length, 1, agent);
      const remembered = JSON.parse(this.read(`.experiment/state/${agent}/written.json`));
      assert.deepEqual(remembered, [written[0]?.id]);
    }
  },
);

When(
  "{int} processes read codex before {string} at once",
  async function (this: ExperimentWorld, processes: number, window: string) {
    labOf(this).ends = await snapshotsAtOnce(this, processes, window);
  },
);

When(
  "codex is read before {string} from a capture of {int} lines",
  async function (this: ExperimentWorld, window: string, lines: number) {
    await takeSnapshot(this, ["before", "codex", "--window", window], longCapture(lines));
  },
);

Given(
  "codex was read before {string} from a capture of {int} lines, {age} ago",
  async function (this: ExperimentWorld, window: string, lines: number, ageMs: number) {
    await takeSnapshot(this, ["before", "codex", "--window", window], longCapture(lines));
    assert.equal(this.last.exitCode, 0, this.last.stderr);
    ageCaptures(this, ageMs);
  },
);

Given(
  "a capture of {int} lines that no row cites, {age} old",
  async function (this: ExperimentWorld, lines: number, ageMs: number) {
    await takeSnapshot(this, ["before", "codex", "--window", "W0-07"], SMALL_PANE);
    keepUncited(this, longCapture(lines));
    ageCaptures(this, ageMs);
  },
);

Given("its capture was changed", function (this: ExperimentWorld) {
  for (const file of captureFiles(this)) appendFileSync(file, "more");
});

Then("{int} capture(s) is/are left", function (this: ExperimentWorld, count: number) {
  assert.equal(captureFiles(this).length, count);
});

Then("its row cites a file with that capture", function (this: ExperimentWorld) {
  const row = this.rowsOf("snapshots", "snapshot_taken").at(-1);
  const text = this.read(`.experiment/${String(row?.["raw_file"])}`);
  assert.equal(createHash("sha256").update(text).digest("hex"), row?.["raw_sha256"]);
  assert.ok(text.endsWith(SMALL_PANE));
  assert.equal(row?.["raw"], null);
});

Then(
  "{string} and {string} each remember one row",
  function (this: ExperimentWorld, one: string, other: string) {
    const ids = [one, other].flatMap((agent): string[] =>
      JSON.parse(this.read(`.experiment/state/${agent}/written.json`)),
    );
    assert.deepEqual(
      ids,
      this.rows("snapshots").map(({ id }) => id),
    );
  },
);

Then("the ledger is verified as whole", async function (this: ExperimentWorld) {
  await this.run("experiment ledger verify --full");
  this.isExitCodeSeen = true;
  assert.equal(this.last.exitCode, 0, this.last.stdout);
});
