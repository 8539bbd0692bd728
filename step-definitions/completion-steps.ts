import assert from "node:assert/strict";

import { type DataTable, Given, Then } from "@cucumber/cucumber";
import { execa } from "execa";

import { SHELLS, TypedShell } from "./support/typed-shell.ts";
import type { ExperimentWorld } from "./support/world.ts";

const opened = new WeakMap<ExperimentWorld, TypedShell>();

Given(
  /^the shell (bash|zsh|fish), which has read "experiment completion \w+"$/u,
  async function (this: ExperimentWorld, name: keyof typeof SHELLS) {
    const { failed } = await execa(name, ["-c", "true"], { reject: false });
    if (failed) {
      assert.notEqual(process.env["CI"], "true", `Install ${name}.`);
      return "skipped";
    }
    const shell = new TypedShell(this, name);
    await shell.setUp(SHELLS[name].setUp);
    opened.set(this, shell);
    return undefined;
  },
);

Then(
  "the Tab key makes these lines of what was typed:",
  async function (this: ExperimentWorld, table: DataTable) {
    const shell = opened.get(this);
    assert.ok(shell !== undefined);
    for (const { TYPED = "", LINE = "" } of table.hashes()) {
      assert.equal(await shell.complete(TYPED, LINE), LINE);
    }
  },
);
