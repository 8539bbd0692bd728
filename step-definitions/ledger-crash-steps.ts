import { Given, When } from "@cucumber/cucumber";
import { parseCommandString } from "execa";

import { labOf } from "./support/lab.ts";
import { allowReadingOnly, canReaderRun, runAsReader } from "./support/run-as-reader.ts";
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

When(
  "somebody who may only read it runs {string}",
  async function (this: ExperimentWorld, line: string) {
    const [, ...args] = parseCommandString(line);
    this.last = await runAsReader(this, args);
  },
);
