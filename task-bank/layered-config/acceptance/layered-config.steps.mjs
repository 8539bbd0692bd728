import assert from "node:assert/strict";

import { Before, Given, Then, defineParameterType } from "@cucumber/cucumber";

defineParameterType({ name: "json", regexp: /\{.*\}/, transformer: (text) => JSON.parse(text) });

/** In the scenarios " / " is the end of a line, and `\t` and `\r` stand for the characters that they name. */
function textOf(shown) {
  return shown.replaceAll(" / ", "\n").replaceAll("\\t", "\t").replaceAll("\\r", "\r");
}

Before(function () {
  this.layers = [];
  this.variables = {};
});

// Cucumber would take the backslashes from a text in quotes.
Given(/^the layer "(\w+)" says (["'])(.*)\2$/, function (name, _quote, shown) {
  this.layers.push({ name, text: textOf(shown) });
});

Given("the variables {json}", function (variables) {
  this.variables = variables;
});

Then("the settings are {json}", async function (expected) {
  assert.deepEqual(await this.solution.call("loadConfig", this.layers, this.variables), expected);
});

async function assertRefused(world, { name, at, variables = world.variables, layers = world.layers, text = "" }) {
  const error = await world.solution.call("loadConfig", layers, variables).then(
    () => undefined,
    (thrown) => thrown,
  );
  assert.equal(error?.name, name);
  assert.ok(error.message.startsWith(`${at}: `), error.message);
  assert.ok(error.message.slice(at.length + 2).split(/\W+/).includes(text), error.message);
}

Then("they are refused with a SyntaxError at {string}", async function (at) {
  const error = await this.solution.call("loadConfig", this.layers, this.variables).then(
    () => undefined,
    (thrown) => thrown,
  );
  assert.equal(error?.name, "SyntaxError");
  assert.match(error.message, new RegExp(`^${at}: .`));
});

Then("they are refused with a ReferenceError at {string} because of {string}", async function (at, text) {
  await assertRefused(this, { name: "ReferenceError", at, text });
});

Then("with the variables {json} they are refused at {string} because of {string}", async function (variables, at, text) {
  await assertRefused(this, { name: "ReferenceError", at, text, variables });
});

Then("with the variables {json} they are {json}", async function (variables, expected) {
  assert.deepEqual(await this.solution.call("loadConfig", this.layers, variables), expected);
});

Then("each of these lines is refused as line 3 of {string}:", async function (name, table) {
  for (const [line] of table.raw()) {
    const layers = [{ name, text: `a = 1\n\n${textOf(line)}\n` }];
    const error = await this.solution.call("loadConfig", layers, {}).then(
      () => undefined,
      (thrown) => thrown,
    );
    assert.equal(error?.name, "SyntaxError", line);
    assert.match(error.message, new RegExp(`^${name}:3: .`), line);
  }
});
