import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";

import { type DataTable, Then, When } from "@cucumber/cucumber";

import { attemptTotals, budgetLinesIn, budgetLineOf, tableRowsIn } from "./support/budget-text.ts";
import { remember, rememberedOf } from "./support/memory.ts";
import { reportText } from "./support/report-files.ts";
import type { ExperimentWorld } from "./support/world.ts";

const BAR = /\[[#-]{20}\]/u;
const TIME_OF_DAY = /, at this pace empty at (?:\d{4}-\d{2}-\d{2} )?(?:[01]\d|2[0-3]):[0-5]\d$/u;

When("I read the {word}", async function (this: ExperimentWorld, which: string) {
  await this.run(`experiment ${which}`);
  remember(this, which === "report" ? reportText(this) : this.last.stdout);
});

Then("the budgets are shown as:", function (this: ExperimentWorld, rows: DataTable) {
  const lines = budgetLinesIn(this.last.stdout).filter((line) => BAR.test(line));
  for (const { BUDGET = "", LIMIT = "" } of rows.hashes()) {
    const line = lines.find((one) => one.startsWith(`${BUDGET}  `) && one.endsWith(` / ${LIMIT})`));
    assert.ok(line !== undefined, `${BUDGET} ${LIMIT}\n${lines.join("\n")}`);
  }
});

Then(
  "it shows the attempts' tokens and dollars to the last one:",
  function (this: ExperimentWorld, rows: DataTable) {
    const told = tableRowsIn(rememberedOf(this));
    for (const { OWNER, UNIT = "", LIMIT, FROM } of rows.hashes()) {
      const { attempts, total, dearest } = attemptTotals(this, UNIT);
      const row = [OWNER, UNIT, attempts, total, dearest, LIMIT, FROM].join(" | ");
      assert.ok(told.includes(row), `${row}\n${told.join("\n")}`);
    }
  },
);

Then("it shows the share of {string} and no bar", function (this: ExperimentWorld, name: string) {
  const text = rememberedOf(this);
  const line = text.split("\n").find((one) => one.includes(name)) ?? "";
  assert.match(line, /[\d.]+ % \([\d.]+K \/ 40\.0K uncached\)|40,000 uncached .* [\d.]+ % \|/u);
  assert.doesNotMatch(text, BAR);
});

Then(
  "the terminal has shown the share of {string} and no bar",
  function (this: ExperimentWorld, name: string) {
    const text = shown(this);
    assert.match(
      text,
      new RegExp(`^  ${name} +[\\d.]+ % \\([\\d.]+K? / 40\\.0K uncached\\)`, "mu"),
    );
    assert.doesNotMatch(text, BAR);
  },
);

Then(
  "the terminal has shown a bar of {string} with {string}",
  function (this: ExperimentWorld, name: string, end: string) {
    const lines = shown(this).split("\n");
    const bars = lines.filter((line) => line.trim().startsWith(`${name} `) && BAR.test(line));
    assert.ok(
      bars.some((line) => line.includes(end)),
      bars.join("\n"),
    );
  },
);

Then(
  "the bar of {string} ends with a time of day at which it is empty",
  function (this: ExperimentWorld, name: string) {
    assert.match(budgetLineOf(this.last.stdout, name), TIME_OF_DAY);
  },
);

Then(
  "the report says how many uncached tokens the last session took in an hour",
  function (this: ExperimentWorld) {
    assert.match(reportText(this), /\| overall .*\| [\d,]+ uncached an hour \|/u);
  },
);

Then(
  "it says on stderr once each, in this order:",
  function (this: ExperimentWorld, texts: DataTable) {
    const { stderr } = this.last;
    const places = texts
      .raw()
      .flat()
      .map((text) => {
        assert.equal(stderr.split(text).length, 2, `${text}\n${stderr}`);
        return stderr.indexOf(text);
      });
    assert.deepEqual(
      places,
      places.toSorted((left, right) => left - right),
    );
  },
);

function shown(world: ExperimentWorld): string {
  return stripVTControlCharacters(world.last.stdout).replaceAll("\r", "");
}
