import assert from "node:assert/strict";

import { Then, When } from "@cucumber/cucumber";

function textOf(shown) {
  return shown.replaceAll("/", "\n");
}

async function assertDifference(solution, [before, after, ...options], expected) {
  const difference = await solution.call("diffTexts", textOf(before), textOf(after), ...options);
  assert.equal(difference, textOf(expected));
}

When("{string} becomes {string}", function (before, after) {
  this.texts = [before, after];
});

Then("the difference is {string}", async function (expected) {
  await assertDifference(this.solution, this.texts, expected);
});

Then("the difference with {int} line(s) of context is {string}", async function (context, expected) {
  await assertDifference(this.solution, [...this.texts, { context }], expected);
});

Then("from {string} to {string} there is one", async function (before, after) {
  assert.match(await this.solution.call("diffTexts", textOf(before), textOf(after)), /^@@/);
});

Then("these texts differ so:", async function (table) {
  for (const { BEFORE, AFTER, CONTEXT, DIFFERENCE } of table.hashes())
    await assertDifference(this.solution, [BEFORE, AFTER, { context: Number(CONTEXT) }], DIFFERENCE);
});

When("{string} and {string} with Windows line ends become {string} and {string} with plain ones", function (a, b, c, d) {
  this.texts = [`${a}\r/${b}\r/`, `${c}/${d}/`];
});

Then("both lines are taken away and added", async function () {
  await assertDifference(this.solution, this.texts, "@@ -1,2 +1,2 @@/-a\r/-b\r/+a/+b/");
});

Then("{float}, {float} and {string} lines of context are refused with a RangeError", async function (first, second, third) {
  for (const context of [first, second, third]) {
    const error = await this.solution.call("diffTexts", "a\n", "b\n", { context }).then(
      () => undefined,
      (thrown) => thrown,
    );
    assert.equal(error?.name, "RangeError", String(context));
  }
});
