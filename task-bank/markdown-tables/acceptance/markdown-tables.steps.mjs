import assert from "node:assert/strict";

import { Then, When } from "@cucumber/cucumber";

function textOf(shown) {
  return shown.replaceAll(" / ", "\n");
}

async function assertBecomes(solution, shown, expected) {
  assert.equal(await solution.call("formatTable", textOf(shown)), textOf(expected));
}

async function assertRefused(solution, shown) {
  const error = await solution.call("formatTable", textOf(shown)).then(
    () => undefined,
    (thrown) => thrown,
  );
  assert.equal(error?.name, "SyntaxError", shown);
}

When("{string} is formatted", function (shown) {
  this.shown = shown;
});

Then("the table is {string}", async function (expected) {
  await assertBecomes(this.solution, this.shown, expected);
});

Then("{string} becomes {string}", async function (shown, expected) {
  await assertBecomes(this.solution, shown, expected);
});

Then("it is refused with a SyntaxError", async function () {
  await assertRefused(this.solution, this.shown);
});

Then("{string} and {string} and {string} are refused with a SyntaxError", async function (first, second, third) {
  for (const shown of [first, second, third]) await assertRefused(this.solution, shown);
});

Then("each of these is refused with a SyntaxError:", async function (table) {
  for (const [shown] of table.raw()) await assertRefused(this.solution, shown);
});

Then("with and without a line at the end {string} becomes {string}", async function (shown, expected) {
  await assertBecomes(this.solution, shown, expected);
  assert.equal(await this.solution.call("formatTable", `${textOf(shown)}\n`), `${textOf(expected)}\n`);
});

Then("the name {string} with a combined accent and a family of emoji is lined up", async function (name) {
  const family = "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}";
  const shown = `${name}\u0301|b / -:|- / a|${family}${family}`;
  await assertBecomes(this.solution, shown, `| ${name}\u0301 | b    | / | ---: | ---- | / |    a | ${family}${family} |`);
});
