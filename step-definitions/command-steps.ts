import assert from "node:assert/strict";
import { cpSync, mkdirSync } from "node:fs";

import { type DataTable, Given, Then, When } from "@cucumber/cucumber";

import { startCommand } from "./support/command-run.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  "{string} has {ended}",
  async function (this: ExperimentWorld, line: string, exitCode: number) {
    await this.run(line);
    assert.equal(this.last.exitCode, exitCode, this.last.stderr);
    this.isExitCodeSeen = true;
  },
);

When("I run {string}", async function (this: ExperimentWorld, line: string) {
  await this.run(line);
});

When(
  "I run {string} in the folder {string}",
  async function (this: ExperimentWorld, line: string, folder: string) {
    const cwd = this.file(folder);
    mkdirSync(cwd, { recursive: true });
    const [, ...args] = line.split(" ");
    this.last = await startCommand(args, { cwd, variables: this.variables }).ended;
  },
);

Given("the folder {string} is made", function (this: ExperimentWorld, folder: string) {
  mkdirSync(this.file(folder), { recursive: true });
});

Then("it ends with exit code {int}", function (this: ExperimentWorld, exitCode: number) {
  this.isExitCodeSeen = true;
  assert.equal(this.last.exitCode, exitCode, this.last.stderr);
});

Then(
  "below {string} it prints {string}",
  function (this: ExperimentWorld, heading: string, text: string) {
    const block = this.last.stdout.split("\n\n").find((part) => part.startsWith(heading));
    assert.ok(block?.includes(text), this.last.stdout);
  },
);

Then(
  "it {says} {string} on stderr",
  function (this: ExperimentWorld, isSaid: boolean, text: string) {
    assert.equal(this.last.stderr.includes(text), isSaid, this.last.stderr);
  },
);

Then("it prints each of:", function (this: ExperimentWorld, texts: DataTable) {
  const missing = texts
    .raw()
    .flat()
    .filter((text) => !this.last.stdout.includes(text));
  assert.deepEqual(missing, [], this.last.stdout);
});

Then("nothing is written", function (this: ExperimentWorld) {
  assert.equal(this.exists(".experiment"), false);
});

Given("{string} is copied to {string}", function (this: ExperimentWorld, from: string, to: string) {
  cpSync(this.file(from), this.file(to), { recursive: true });
});
