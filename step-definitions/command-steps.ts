import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";

import { type DataTable, Given, Then, When } from "@cucumber/cucumber";

import { startCommand } from "./support/command-run.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  "{string} has ended with exit code {int}",
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

Then("the first line on stderr is:", function (this: ExperimentWorld, line: string) {
  const [first] = this.last.stderr.split("\n", 1);
  assert.equal(first?.replaceAll(this.folder, "FOLDER"), line);
});

Then("it ends with exit code {int}", function (this: ExperimentWorld, exitCode: number) {
  this.isExitCodeSeen = true;
  assert.equal(this.last.exitCode, exitCode, this.last.stderr);
});

Then("it prints {string}", function (this: ExperimentWorld, text: string) {
  assert.ok(this.last.stdout.includes(text), this.last.stdout);
});

Then("it prints {string} once", function (this: ExperimentWorld, text: string) {
  assert.equal(this.last.stdout.split(text).length, 2, this.last.stdout);
});

Then(
  "below {string} it prints {string}",
  function (this: ExperimentWorld, heading: string, text: string) {
    const block = this.last.stdout.split("\n\n").find((part) => part.startsWith(heading));
    assert.ok(block?.includes(text), this.last.stdout);
  },
);

Then("it does not print {string}", function (this: ExperimentWorld, text: string) {
  assert.ok(!this.last.stdout.includes(text), this.last.stdout);
});

Then("it says {string} on stderr", function (this: ExperimentWorld, text: string) {
  assert.ok(this.last.stderr.includes(text), this.last.stderr);
});

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
