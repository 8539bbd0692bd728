import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";

function listOf(text) {
  return text.split(", ");
}

async function errorOf(promise) {
  return await promise.then(
    () => undefined,
    (error) => error,
  );
}

async function setNeeds(world, target, needs) {
  await world.graph.call("set", target, needs.split(" "));
}

async function expectOrder(world, order) {
  assert.deepEqual(await world.graph.call("order"), listOf(order));
}

async function expectCycle(world, cycle) {
  assert.deepEqual(await world.graph.call("cycle"), cycle.split(" -> "));
}

Given("the build file {string}", async function (text) {
  this.graph = await this.solution.construct("BuildGraph", text.replaceAll(" / ", "\n"));
});

When("{string} change(s)", async function (names) {
  this.again = await this.graph.call("rebuild", listOf(names));
});

When("{string} changes, and the output of {string} stays the same", async function (name, same) {
  this.again = await this.graph.call("rebuild", [name], [same]);
});

When("{string} is changed to need {string}", async function (target, needs) {
  await setNeeds(this, target, needs);
});

Then("the build order is {string}", async function (order) {
  await expectOrder(this, order);
});

Then("when {string} is changed to need {string}, the build order is {string}", async function (target, needs, order) {
  await setNeeds(this, target, needs);
  await expectOrder(this, order);
});

Then("the cycle {string} is reported", async function (cycle) {
  await expectCycle(this, cycle);
});

Then("when {string} is changed to need {string}, the cycle {string} is reported", async function (target, needs, cycle) {
  await setNeeds(this, target, needs);
  await expectCycle(this, cycle);
});

Then("no cycle is reported", async function () {
  assert.equal(await this.graph.call("cycle"), null);
});

Then("no build order is given because of {string}", async function (cycle) {
  const error = await errorOf(this.graph.call("order"));
  assert.equal(error?.name, "CycleError");
  assert.equal(error.message, cycle);
});

Then("{string} are built again", function (names) {
  assert.deepEqual(this.again, listOf(names));
});

Then("without a change nothing is built again", async function () {
  assert.deepEqual(await this.graph.call("rebuild", []), []);
});

Then("a change of {string} is refused with a {word}", async function (name, kind) {
  const error = await errorOf(this.graph.call("rebuild", [name]));
  assert.equal(error?.name, kind);
});

Then("a change of {string} or {string} is refused with a {word}", async function (one, other, kind) {
  for (const name of [one, other]) {
    const error = await errorOf(this.graph.call("rebuild", [name]));
    assert.equal(error?.name, kind, name);
  }
});

Then("a change of {string} has {string} built again", async function (name, names) {
  assert.deepEqual(await this.graph.call("rebuild", [name]), listOf(names));
});
