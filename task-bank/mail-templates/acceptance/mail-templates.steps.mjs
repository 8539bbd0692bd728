import assert from "node:assert/strict";

import { Given, Then, defineParameterType } from "@cucumber/cucumber";

defineParameterType({
  name: "text",
  regexp: /`([^`]*)`/,
  transformer: (shown) => shown.replaceAll("\\n", "\n"),
});

defineParameterType({
  name: "json",
  regexp: /\{.*\}|\[.*\]/,
  transformer: (json) => JSON.parse(json),
});

async function compile(world, source) {
  return await world.solution.obtain("compile", source);
}

Given("the template {text}", async function (source) {
  this.source = source;
  this.template = await compile(this, source);
});

Then("with {json} it gives {text}", async function (data, text) {
  assert.equal(await this.template.call("render", data), text);
  assert.equal(await this.solution.call("render", this.source, data), text);
});

Then("the template {text} is refused in line {int}", async function (source, line) {
  const error = await compile(this, source).then(
    () => undefined,
    (thrown) => thrown,
  );
  assert.equal(error?.name, "SyntaxError", source);
  assert.equal(error.message, `line ${line}`, source);
});

Then("the template {text} is not", async function (source) {
  await compile(this, source);
});

Then("it needs the names {json}", async function (names) {
  assert.deepEqual(await this.template.call("names"), names);
});

Then("the template {text} needs the names {json}", async function (source, names) {
  assert.deepEqual(await (await compile(this, source)).call("names"), names);
});

Then("a second template does not change the first", async function () {
  const second = await compile(this, "{{b}}");
  assert.equal(await second.call("render", { a: ["x"], b: "y" }), "y");
  assert.equal(await this.template.call("render", { a: ["x"], b: "y" }), "X");
});
