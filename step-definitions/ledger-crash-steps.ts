import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";
import { parseCommandString } from "execa";

import { keepLedger, labOf } from "./support/lab.ts";
import { canMountReadOnly, mountReadOnly } from "./support/read-only-mount.ts";
import { allowReadingOnly, canReaderRun, runAsReader } from "./support/run-as-reader.ts";
import { runProcess, COMMAND } from "./support/run-process.ts";
import { tearByKill } from "./support/tear-by-kill.ts";
import type { ExperimentWorld } from "./support/world.ts";

const LEDGER = ".experiment/ledger";

Given(
  "a writer of large rows was killed with SIGKILL in the middle of a write",
  async function (this: ExperimentWorld) {
    labOf(this).tornBytes = await tearByKill(this);
  },
);

Given("its folder can be read and not written to", function (this: ExperimentWorld) {
  if (!canReaderRun()) return "skipped";
  allowReadingOnly(this, LEDGER);
  return undefined;
});

Given("its data folder is mounted read-only", function (this: ExperimentWorld) {
  if (!canMountReadOnly()) return "skipped";
  mountReadOnly(this, ".experiment");
  keepLedger(this);
  return undefined;
});

When(
  "a user with read access only runs {string}",
  async function (this: ExperimentWorld, line: string) {
    const [, ...args] = parseCommandString(line);
    this.last = await runAsReader(this, args);
  },
);

/** There is none to be had in a test: the program is told that its disk is one. */
Given("the disk is a network file system", function (this: ExperimentWorld) {
  const program = 'import fs from "node:fs"; fs.statfsSync = () => ({ type: 0x6969 });';
  const url = `data:text/javascript,${encodeURIComponent(program)}`;
  this.variables["NODE_OPTIONS"] = `--import=${url}`;
});

When("a process is asked {string}", async function (this: ExperimentWorld, line: string) {
  const [, ...args] = parseCommandString(line);
  this.last = await runProcess(this, [process.execPath, COMMAND, ...args]);
});

Then("no ledger is there", function (this: ExperimentWorld) {
  assert.equal(this.exists(`${LEDGER}/ledger.json`), false);
});
