import { Given } from "@cucumber/cucumber";

import { keepLedger, labOf } from "./support/lab.ts";
import { canMountReadOnly, mountReadOnly } from "./support/read-only-mount.ts";
import { allowReadingOnly, canReaderRun } from "./support/run-as-reader.ts";
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

/** A test can't get a real one, so it tells the program that its disk is one. */
Given("the disk is a network file system", function (this: ExperimentWorld) {
  const program = 'import fs from "node:fs"; fs.statfsSync = () => ({ type: 0x6969 });';
  const url = `data:text/javascript,${encodeURIComponent(program)}`;
  this.variables["NODE_OPTIONS"] = `--import=${url}`;
});
