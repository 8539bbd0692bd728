import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";

import { type DataTable, Given, Then, When } from "@cucumber/cucumber";
import { execa } from "execa";
import { stringify } from "yaml";

import type { TaskCheck } from "../runner/tasks/check/check-task.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { CUT_TASK } from "./support/cut-task.ts";
import { BUILTIN_BANK, changeVariants, copyTask } from "./support/own-bank.ts";
import { shortBank } from "./support/short-bank.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given(
  /^a bank "([^"]+)" with a (short )?copy of (?:every task|the task "([^"]+)")$/u,
  // oxlint-disable-next-line max-params -- one for each of the sentence
  function (this: ExperimentWorld, bank: string, isShort?: string, task?: string) {
    const from = isShort ? shortBank() : BUILTIN_BANK;
    for (const name of task ? [task] : readdirSync(from)) {
      copyTask(this, path.join(from, name), path.join(bank, name));
    }
  },
);

Given("the task has the variant {string} alone", function (this: ExperimentWorld, variant: string) {
  changeVariants(this, (variants) => variants.filter(({ name }) => name === variant));
});

Given(
  "the task's variant {string} says that it fails nothing",
  function (this: ExperimentWorld, variant: string) {
    changeVariants(this, (variants) =>
      variants.map((one) => (one.name === variant ? { ...one, fails: [] } : one)),
    );
  },
);

Given(
  "a bank {string} with a task that cuts numbers at a limit",
  function (this: ExperimentWorld, bank: string) {
    for (const [file, text] of Object.entries(CUT_TASK)) this.write(`${bank}/cut/${file}`, text);
  },
);

Given(
  "the task names {string} to {string} in line {int} as no fault",
  function (this: ExperimentWorld, from: string, to: string, line: number) {
    const equivalent = {
      at: `src/cut.ts:${String(line)}`,
      from,
      to,
      reason: "Both give the limit.",
    };
    this.write(
      "bank/cut/variants/variants.yaml",
      stringify({ variants: [], equivalents: [equivalent] }),
    );
  },
);

When(
  "I prove the changed tasks of the bank {string}, and one more that this commit draws",
  async function (this: ExperimentWorld, bank: string) {
    const { stdout: commit } = await execa("git", ["rev-parse", "HEAD"], { cwd: BUILTIN_BANK });
    await this.run(`experiment task check --bank ${bank} --changed --seed ${commit} --json`);
    assert.equal(this.last.exitCode, 0, this.last.stderr);
    this.isExitCodeSeen = true;
  },
);

Then("it prints every task of the built-in bank", function (this: ExperimentWorld) {
  const printed = this.last.stdout.split(/\s+/u);
  const missing = atLeastOne(readdirSync(BUILTIN_BANK)).filter((id) => !printed.includes(id));
  assert.deepEqual(missing, []);
});

Then("it names every task of the built-in bank on stderr", function (this: ExperimentWorld) {
  const known = readdirSync(BUILTIN_BANK).toSorted().join(", ");
  assert.ok(this.last.stderr.includes(`Known tasks: ${known}`), this.last.stderr);
});

Then(
  "each task of the built-in bank has a recorded proof that holds",
  function (this: ExperimentWorld) {
    const tasks: { id: string; proofHolds: boolean | null }[] = JSON.parse(this.last.stdout);
    assert.deepEqual(tasks.map(({ id }) => id).toSorted(), readdirSync(BUILTIN_BANK).toSorted());
    assert.deepEqual(
      atLeastOne(tasks)
        .filter(({ proofHolds }) => proofHolds !== true)
        .map(({ id }) => id),
      [],
      "Prove them again with: experiment task check --changed",
    );
  },
);

Then(
  "one task at least is proven, and each claim about it holds, these among them:",
  function (this: ExperimentWorld, claims: DataTable) {
    const checks: TaskCheck[] = JSON.parse(this.last.stdout);
    for (const check of atLeastOne(checks)) {
      const failing = atLeastOne(check.claims).filter(({ ok }) => !ok);
      assert.deepEqual(failing, [], check.taskId);
      const held = new Set(check.claims.map(({ claim }) => claim));
      assert.deepEqual(
        claims.raw().filter(([claim = ""]) => !held.has(claim)),
        [],
      );
    }
  },
);

Then(
  "it claims at least {int} variants that fail the scenarios that they say",
  function (this: ExperimentWorld, atLeast: number) {
    const [check]: TaskCheck[] = JSON.parse(this.last.stdout);
    const variants = check?.claims.filter(({ claim }) => claim.endsWith("that it says")) ?? [];
    assert.ok(variants.length >= atLeast, `${String(variants.length)} variants`);
  },
);

Then("it finds that {string} fails", function (this: ExperimentWorld, claim: string) {
  const lines = this.last.stdout.split("\n").filter((line) => line.includes("FAILS"));
  assert.ok(
    lines.some((line) => line.includes(claim)),
    this.last.stdout,
  );
});
