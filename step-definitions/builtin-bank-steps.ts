import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { type DataTable, Then } from "@cucumber/cucumber";
import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from "@cucumber/gherkin";
import { IdGenerator } from "@cucumber/messages";

import { loadTaskBank } from "../runner/tasks/bank/load-task-bank.ts";
import { loadVariants } from "../runner/tasks/bank/load-variants.ts";
import { requireGherkin } from "../runner/tasks/bank/require-gherkin.ts";
import { solutionModule } from "../runner/tasks/bank/solution-module.ts";
import type { GherkinTask } from "../runner/tasks/bank/task.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import { BUILTIN_BANK } from "./support/own-bank.ts";
import type { ExperimentWorld } from "./support/world.ts";

const STUB = "not built yet";

Then(
  "{int} tasks are listed, and each task of the built-in bank is within these bounds:",
  function (this: ExperimentWorld, count: number, bounds: DataTable) {
    assertListed(this, count);
    assertBounds(bounds);
  },
);

function assertListed(world: ExperimentWorld, count: number): void {
  const tasks: unknown[] = JSON.parse(world.last.stdout);
  assert.equal(tasks.length, count);
}

function assertBounds(bounds: DataTable): void {
  for (const task of tasksOfBank()) {
    const numbers = new Map(Object.entries(numbersOf(task)));
    for (const { NUMBER = "", LEAST, MOST } of bounds.hashes()) {
      const number = numbers.get(NUMBER) ?? Number.NaN;
      const isWithin = number >= Number(LEAST) && number <= Number(MOST);
      assert.ok(isWithin, `${task.id}: ${NUMBER}: ${String(number)}`);
    }
  }
}

Then(
  "at least {int} tasks of the built-in bank begin with a stub, and {int} with a module to change",
  function (stubs: number, modules: number) {
    const begins = tasksOfBank().map((task) => startOf(task).includes(STUB));
    assert.ok(begins.filter((isStub) => isStub).length >= stubs);
    assert.ok(begins.filter((isStub) => !isStub).length >= modules);
  },
);

Then("tasks of the built-in bank that share a source file name the same family", function () {
  const owners = new Map<string, GherkinTask>();
  for (const task of tasksOfBank()) {
    for (const { text } of sourcesOf(task)) {
      const owner = owners.get(text) ?? task;
      const isFamily =
        owner === task || (task.family !== undefined && task.family === owner.family);
      assert.ok(isFamily, `${task.id} and ${owner.id} share code.`);
      owners.set(text, owner);
    }
  }
});

function tasksOfBank(): readonly GherkinTask[] {
  return atLeastOne(loadTaskBank(BUILTIN_BANK, ["*"]).map((task) => requireGherkin(task)));
}

function numbersOf(task: GherkinTask) {
  return {
    "lines of its feature": linesOf(task.featureText.trimEnd()),
    "visible scenarios": countScenarios(task.featureText),
    "held-out scenarios": heldOutOf(task).reduce((sum, text) => sum + countScenarios(text), 0),
    "wrong solutions": loadVariants(task).filter(({ name }) => name !== "solution").length,
    "lines of code that work already": sourcesOf(task)
      .filter(({ text }) => !text.includes(STUB))
      .reduce((sum, { text }) => sum + linesOf(text.replaceAll(/\n\s*\n/gu, "\n").trim()), 0),
  };
}

function linesOf(text: string): number {
  return text.split("\n").length;
}

/** Each row of an outline counts. */
function countScenarios(text: string): number {
  const newId = IdGenerator.incrementing();
  const parser = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher());
  return compile(parser.parse(text), "", newId).length;
}

function heldOutOf(task: GherkinTask): readonly string[] {
  return task.acceptancePaths
    .flatMap((folder) => filesBelow(path.join(task.folder, folder)))
    .filter((file) => file.endsWith(".feature"))
    .map((file) => readFileSync(file, "utf8"));
}

/** The code that an agent finds in the folders that are graded. */
function sourcesOf({ folder, solutionPaths }: GherkinTask): readonly { readonly text: string }[] {
  return solutionPaths
    .flatMap((declared) => filesBelow(path.join(folder, "workspace", declared)))
    .map((file) => ({ text: readFileSync(file, "utf8") }));
}

function startOf(task: GherkinTask): string {
  return readFileSync(path.join(task.folder, "workspace", solutionModule(task)), "utf8");
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
