import assert from "node:assert/strict";

import { Given, Then, defineParameterType } from "@cucumber/cucumber";

defineParameterType({ name: "json", regexp: /`([^`]*)`/, transformer: (json) => json });

function rightOrder() {
  return {
    customer: { name: "Ada", email: "ada@example.com" },
    delivery: "pickup",
    items: [
      { sku: "AB-100", count: 1 },
      { sku: "AB-200", count: 2 },
    ],
  };
}

function withArticles(count) {
  const items = Array.from({ length: count }, (_, index) => ({ sku: `AB-10${index}`, count: 1 }));
  return { ...rightOrder(), items };
}

/** Changes the value at a place such as `items[1].count`. */
function change(order, place, value) {
  const names = place.split(/[.[\]]+/).filter((name) => name !== "");
  const last = names.pop();
  let inner = order;
  for (const name of names) inner = inner[name];
  inner[last] = value;
}

async function expectFaults(promise, faults, what) {
  const found = await promise;
  assert.ok(Array.isArray(found), what);
  assert.equal(found.map(({ path, message }) => `${path}: ${message}`).join("; "), faults, what);
}

async function expectOrderFaults(world, order, faults, what) {
  await expectFaults(world.solution.call("checkOrder", order), faults, what);
}

async function expectValueFaults(world, value, faults) {
  await expectFaults(world.solution.call("check", world.schema, value), faults, JSON.stringify(value));
}

Given("a right order", function () {
  this.order = rightOrder();
});

Given("a right order with {int} articles", function (count) {
  this.order = withArticles(count);
});

Given("a right order, but {json} is {json} and {json} is {json}", function (one, first, other, second) {
  this.order = rightOrder();
  change(this.order, one, JSON.parse(first));
  change(this.order, other, JSON.parse(second));
});

Given("the schema {json}", function (schema) {
  this.schema = JSON.parse(schema);
});

// A module that finds no fault in anything must not pass for one that finds none in a right order.
Then("it has no faults", async function () {
  await expectOrderFaults(this, this.order, "");
  await expectOrderFaults(this, {}, "customer: is missing; delivery: is missing; items: is missing");
});

Then("it has the faults {string}", async function (faults) {
  await expectOrderFaults(this, this.order, faults);
});

Then("without {json} it has the faults {string}", async function (place, faults) {
  change(this.order, place, undefined);
  await expectOrderFaults(this, this.order, faults);
});

Then("with {json} as {json} it has no faults", async function (place, json) {
  change(this.order, place, JSON.parse(json));
  await expectOrderFaults(this, this.order, "");
});

Then("with {json} as {json} it has the faults {string}", async function (place, json, faults) {
  change(this.order, place, JSON.parse(json));
  await expectOrderFaults(this, this.order, faults);
});

Then("with {int} articles it has the faults {string}", async function (count, faults) {
  await expectOrderFaults(this, withArticles(count), faults);
});

Then("these changes have these faults:", async function (table) {
  for (const { FIELD, VALUE, FAULT } of table.hashes()) {
    const letters = /^(\d+) letters$/.exec(VALUE);
    const order = rightOrder();
    change(order, FIELD, letters === null ? JSON.parse(VALUE) : "x".repeat(Number(letters[1])));
    await expectOrderFaults(this, order, FAULT, `${FIELD} ${VALUE}`);
  }
});

Then("{json} has no faults", async function (json) {
  await expectValueFaults(this, JSON.parse(json), "");
});

Then("{json} has the faults {string}", async function (json, faults) {
  await expectValueFaults(this, JSON.parse(json), faults);
});

Then("the numbers NaN and Infinity have the faults {string}", async function (faults) {
  await expectValueFaults(this, NaN, faults);
  await expectValueFaults(this, Infinity, faults);
});
