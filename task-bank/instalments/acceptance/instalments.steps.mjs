import assert from "node:assert/strict";

import { Then, When } from "@cucumber/cucumber";

const FIRST = "2025-01-15";

async function plan(world, terms) {
  return await world.solution.call("plan", terms);
}

async function expectAmounts(world, terms, amounts) {
  const parts = await plan(world, { first: FIRST, ...terms });
  assert.equal(parts.map(({ amount }) => amount).join(", "), amounts);
}

function share(world, { total, currency, weights }) {
  return world.solution.call("share", total, currency, weights.split(", ").map(Number));
}

async function expectRefusal(promise, what) {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  assert.equal(error?.name, "RangeError", what);
}

When("{string} {word} are paid in {int} instalments from {string}", async function (total, currency, count, first) {
  this.parts = await plan(this, { total, currency, count, first });
});

When(
  "{string} {word} are paid in {int} instalments of at least {string} from {string}",
  async function (total, currency, count, smallest, first) {
    this.parts = await plan(this, { total, currency, count, first, smallest });
  },
);

Then("the amounts are {string}", function (amounts) {
  assert.equal(this.parts.map(({ amount }) => amount).join(", "), amounts);
});

Then("what is left is {string}", function (amounts) {
  assert.equal(this.parts.map(({ left }) => left).join(", "), amounts);
});

Then("the due dates are {string}", function (dates) {
  assert.equal(this.parts.map(({ due }) => due).join(", "), dates);
});

Then("due date {int} is {string}, and the last one is {string}", function (number, date, last) {
  assert.equal(this.parts[number - 1]?.due, date);
  assert.equal(this.parts.at(-1)?.due, last);
});

Then("{string} {word} in {int} instalments are {string}", async function (total, currency, count, amounts) {
  await expectAmounts(this, { total, currency, count }, amounts);
});

Then(
  "{string} {word} in {int} instalments of at least {string} are {string}",
  async function (total, currency, count, smallest, amounts) {
    await expectAmounts(this, { total, currency, count, smallest }, amounts);
  },
);

Then("{string} {word} are shared by the weights {string} as {string}", async function (total, currency, weights, shares) {
  assert.equal((await share(this, { total, currency, weights })).join(", "), shares);
});

Then("{string} {word} and {string} {word} are refused with a RangeError", async function (one, first, other, second) {
  for (const [total, currency] of [
    [one, first],
    [other, second],
  ]) {
    await expectRefusal(plan(this, { total, currency, count: 2, first: FIRST }), total);
    await expectRefusal(share(this, { total, currency, weights: "1" }), total);
  }
});

Then("none of the weights {} is accepted", async function (list) {
  for (const [, weights] of list.matchAll(/"([^"]*)"/g)) {
    await expectRefusal(share(this, { total: "1.00", currency: "EUR", weights }), weights);
  }
  await expectRefusal(this.solution.call("share", "1.00", "EUR", []), "no weights");
});

Then("none of these plans is made:", async function (table) {
  for (const { TOTAL, CURRENCY, COUNT, FIRST: first, SMALLEST } of table.hashes()) {
    const terms = { total: TOTAL, currency: CURRENCY, count: Number(COUNT), first, smallest: SMALLEST };
    await expectRefusal(plan(this, terms), JSON.stringify(terms));
  }
});
