import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, statSync, utimesSync } from "node:fs";
import path from "node:path";

import { Given, Then } from "@cucumber/cucumber";
import { parse, stringify } from "yaml";

import { WindowRegraded } from "../ledger/domain/window-regraded.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { workOf } from "./support/kept-evidence.ts";
import { finalRows } from "./support/ledger-windows.ts";
import { copyTask, taskFile } from "./support/own-bank.ts";
import { ownUpstreamOf, useOwnUpstream } from "./support/own-upstream.ts";
import { shortBank } from "./support/short-bank.ts";
import { sendAsStream } from "./support/upstream-answers.ts";
import type { ExperimentWorld } from "./support/world.ts";

Then("the grader wrote nothing into the agent's folders", function (this: ExperimentWorld) {
  const [opened] = this.rowsOf("windows", "window_opened");
  const root = String(opened?.["workspace"]);
  // Paths here can be too long for Node.
  const wanted = ["-name", "held-out.feature", "-o", "-path", "*/elsewhere/*"];
  assert.equal(execFileSync("find", [root, ...wanted], { encoding: "utf8" }), "");
  // The folders of sealing and grading are gone.
  assert.deepEqual(
    readdirSync(root).filter((name) => !name.startsWith("W0-")),
    [],
  );
});

const CAPTURES = ".experiment/captures";
const HOUR_S = 3600;

Given("everything that was captured is two hours old", function (this: ExperimentWorld) {
  for (const name of atLeastOne(readdirSync(this.file(CAPTURES)))) {
    const file = this.file(path.join(CAPTURES, name));
    const { mtimeMs } = statSync(file);
    utimesSync(file, mtimeMs / 1000, mtimeMs / 1000 - 2 * HOUR_S);
  }
});

Then("the work of each window is still kept", function (this: ExperimentWorld) {
  for (const { window } of atLeastOne(finalRows(this))) {
    assert.ok(existsSync(workOf(this, window)), window);
  }
});

Then(
  "the ledger has {int} regradings of {string} and its final row",
  function (this: ExperimentWorld, count: number, window: string) {
    const finals = finalRows(this).filter((row) => row.window === window);
    assert.equal(finals.length, 1);
    const rows = this.rowsOf("windows", "window_regraded").map((row) => WindowRegraded.parse(row));
    assert.deepEqual(
      rows.map(({ graded, work_sha256: sha256 }) => ({ graded, sha256 })),
      Array.from({ length: count }, () => ({
        graded: finals[0]?.["id"],
        sha256: finals[0]?.sealed_work?.sha256,
      })),
    );
  },
);

Given(
  "a small experiment whose acceptance suite is gone as soon as a model is asked",
  async function (this: ExperimentWorld) {
    copyTask(this, path.join(shortBank(), "lru-cache"), "own-bank/lru-cache");
    let isAsked = false;
    await useOwnUpstream(this, (response) => {
      if (!isAsked) renameSync(taskFile(this, "acceptance"), this.file("suite-away"));
      isAsked = true;
      sendAsStream(response, { content: [], outputTokens: 5 });
    });
    const file = parse(this.read("experiment.yaml"));
    file.tasks.bank = this.file("own-bank");
    this.write("experiment.yaml", stringify(file));
  },
);

Given("the acceptance suite is back", function (this: ExperimentWorld) {
  renameSync(this.file("suite-away"), taskFile(this, "acceptance"));
});

Then(
  "each window has one attempt, whose agent asked once, and is {word} as {string}",
  function (this: ExperimentWorld, _: string, outcome: string) {
    assertOneAttempt(this, _, outcome);
    assertAskedOnce(this);
  },
);

function assertOneAttempt(world: ExperimentWorld, _: string, outcome: string): void {
  const opened = world.rowsOf("windows", "window_opened").map(({ window }) => window);
  const finals = new Map(finalRows(world).map((row) => [row.window, row]));
  assert.deepEqual(opened, ["W0-01", "W0-02"]);
  assert.deepEqual(
    opened.map((window) => finals.get(window)?.outcome),
    [outcome, outcome],
  );
}

function assertAskedOnce(world: ExperimentWorld): void {
  assert.equal(ownUpstreamOf(world).requests.length, 2);
}
