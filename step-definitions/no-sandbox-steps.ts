import assert from "node:assert/strict";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";

import { Given, Then, When } from "@cucumber/cucumber";

import { findExecutable } from "../runner/platform/processes/find-executable.ts";
import { startCommand } from "./support/command-run.ts";
import { keepOnce } from "./support/keep-once.ts";
import type { ExperimentWorld } from "./support/world.ts";

const FOLDER = "without-bubblewrap";
/** Programs that runs and terminals need. */
const PROGRAMS = ["git", "sh", "stty", "script"];

Given("a PATH without bubblewrap", async function (this: ExperimentWorld) {
  mkdirSync(this.file(FOLDER));
  for (const name of PROGRAMS) {
    const program = await findExecutable(name, process.env["PATH"]);
    if (program !== undefined) symlinkSync(program, this.file(path.join(FOLDER, name)));
  }
  this.variables["PATH"] = this.file(FOLDER);
});

When(/^it (?:is|has been) run there$/u, runThere);

Then(
  "it says the line of {string} in {string} on stderr",
  function (this: ExperimentWorld, start: string, file: string) {
    const lines = this.read(file).split("\n");
    const line = lines.findIndex((text) => text.startsWith(start)) + 1;
    assert.ok(line > 0 && this.last.stderr.includes(`${file}:${String(line)}: `), this.last.stderr);
  },
);

Then("it prints the line {string} in bold", function (this: ExperimentWorld, start: string) {
  assert.ok(this.last.stdout.includes(`\u001B[1m${start}`), this.last.stdout);
});

/** Examples share one run. */
async function runThere(this: ExperimentWorld): Promise<void> {
  const { folder, said } = await keepOnce("without bubblewrap", async (cwd) => {
    cpSync(this.folder, cwd, { recursive: true, filter: isGiven });
    return await startCommand(["run"], { cwd, variables: { ...this.variables, HOME: cwd } }).ended;
  });
  cpSync(path.join(folder, ".experiment"), this.file(".experiment"), { recursive: true });
  this.last = said;
}

function isGiven(file: string): boolean {
  return path.basename(file) !== FOLDER;
}
