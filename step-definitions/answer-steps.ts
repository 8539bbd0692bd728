import assert from "node:assert/strict";

import { Then } from "@cucumber/cucumber";

import { answerQuestions } from "../reports/report/answer-questions.ts";
import { ReportData } from "../reports/report/report-data.ts";
import { remember, rememberedOf } from "./support/memory.ts";
import type { ExperimentWorld } from "./support/world.ts";

const SCREEN = { lines: 24, columns: 80 };

/** What another command prints about the experiment, without taking the place of the last command. */
async function outputOf(world: ExperimentWorld, line: string): Promise<string> {
  const last = world.hasRun ? world.last : null;
  await world.run(line);
  const { stdout, stderr, exitCode } = world.last;
  assert.equal(exitCode, 0, stderr);
  if (last !== null) world.last = last;
  world.isExitCodeSeen = true;
  return stdout;
}

async function answersOf(world: ExperimentWorld): Promise<ReportData["answers"]> {
  return ReportData.parse(JSON.parse(await outputOf(world, "experiment preview --json"))).answers;
}

Then(
  "it prints at most {int} lines of at most {int} columns",
  function (this: ExperimentWorld, lines: number, columns: number) {
    const printed = this.last.stdout.trimEnd().split("\n");
    assert.ok(printed.length <= lines, this.last.stdout);
    assert.deepEqual(
      printed.filter(({ length }) => length > columns),
      [],
    );
  },
);

Then("its first screen answers {string}", async function (this: ExperimentWorld, question: string) {
  const screen = this.last.stdout.split("\n").slice(0, SCREEN.lines);
  const shown = oneLine(screen.map((line) => line.slice(0, SCREEN.columns)).join("\n"));
  const [answer] = await answersOf(this);
  assert.ok(answer !== undefined);
  const answered = answerQuestions(answer).find((one) => one.question === question);
  assert.ok(answered !== undefined, question);
  // A screen names the gravest of the things that are missing, and says how many more there are.
  const texts = question === "What is missing?" ? answered.texts.slice(0, 1) : answered.texts;
  assert.deepEqual(
    texts.filter((text) => !shown.includes(oneLine(text))),
    [],
    shown,
  );
});

Then("its answer is {string}", async function (this: ExperimentWorld, sentence: string) {
  const [answer] = await answersOf(this);
  assert.equal(answer?.sentence, sentence);
});

Then("its answer says {string}", function (this: ExperimentWorld, text: string) {
  const printed = oneLine(this.last.stdout.replaceAll(" \\\n", " "));
  assert.ok(printed.includes(text), printed);
  const [, command = ""] =
    /: (experiment run .*? (?:--extend [\da-f]{12}|--resume|--retry-missing))/u.exec(printed) ?? [];
  remember(this, command);
});

Then(
  "that command, pasted, ends with exit code {int}",
  async function (this: ExperimentWorld, code: number) {
    await this.run(rememberedOf(this).replaceAll("'my data'", String.raw`my\ data`));
    assert.equal(this.last.exitCode, code, this.last.stderr);
    assert.match(this.last.stdout, /can't tell yet/u);
  },
);

/** Lines may be broken at any blank. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ");
}
