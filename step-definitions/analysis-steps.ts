import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";
import { execa } from "execa";

import { compileProgram, installBuilt } from "./support/installed-package.ts";
import { cheapPairs, pairsToCsv, toCsv } from "./support/sample-windows.ts";
import { HANG_MS } from "./support/wait-until.ts";
import type { ExperimentWorld } from "./support/world.ts";

const PAIRS = 12;

Given(
  "a file {string} of {int} pairs whose candidate needs a third",
  function (this: ExperimentWorld, name: string, pairs: number) {
    this.write(name, toCsv(cheapPairs(pairs)));
  },
);

Given("the same windows as {string}", function (this: ExperimentWorld, name: string) {
  this.write(name, JSON.stringify(cheapPairs(PAIRS), null, 2));
});

Given(
  "a file {string} of the pairs {string}",
  function (this: ExperimentWorld, name: string, pairs: string) {
    this.write(name, pairsToCsv(pairs));
  },
);

Given("a file {string} that says:", function (this: ExperimentWorld, name: string, text: string) {
  this.write(name, `${text}\n`);
});

Given("a project that has the built package installed", async function (this: ExperimentWorld) {
  await installBuilt(this);
});

When("its {string} is checked and run", async function (this: ExperimentWorld, name: string) {
  await compileProgram(this, name);
  const program = this.file(name.replace(/\.ts$/u, ".js"));
  const { stdout, stderr, exitCode } = await execa(process.execPath, [program], {
    reject: false,
    timeout: HANG_MS,
  });
  this.last = { stdout, stderr, exitCode: exitCode ?? 1 };
});

Then(
  "every interval on stdout is called fixed-n or anytime-valid, with its level",
  function (this: ExperimentWorld) {
    const intervals = this.last.stdout.match(/\([^()]* to [^()]*\)/gu) ?? [];
    assert.ok(intervals.length > 5, this.last.stdout);
    const said = /^\(9[05] % (?:CI|CS) \S+ to \S+, (?:fixed-n|anytime-valid)\)$/u;
    assert.deepEqual(
      intervals.filter((interval) => !said.test(interval)),
      [],
    );
  },
);
