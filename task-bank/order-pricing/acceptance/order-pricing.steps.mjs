import assert from "node:assert/strict";

import { Given, Then } from "@cucumber/cucumber";

function orderOf(items, { tier = "", first = "", coupon = "" } = {}) {
  const lines = items.split(", ").map((item) => {
    const [, quantity, unitCents, category] = /^(\d+) x (\d+) (\w+)$/.exec(item);
    return { category, unitCents: Number(unitCents), quantity: Number(quantity) };
  });
  const order = { lines, customer: { tier: tier === "" ? "none" : tier, firstOrder: first === "yes" } };
  return coupon === "" ? order : { ...order, coupon };
}

function ruleOf({ NAME, OFF, CATEGORY, QUANTITY, LEAST, TIER, FIRST, COUPON, ALONE }) {
  const off = OFF.endsWith("%") ? { percent: Number(OFF.slice(0, -1)) } : { cents: Number(OFF) };
  const lines = { ...(CATEGORY && { category: CATEGORY }), ...(QUANTITY && { minQuantity: Number(QUANTITY) }) };
  return {
    name: NAME,
    off,
    ...(Object.keys(lines).length > 0 && { lines }),
    ...(LEAST && { minCents: Number(LEAST) }),
    ...(TIER && { tier: TIER }),
    ...(FIRST && { firstOrder: true }),
    ...(COUPON && { coupon: COUPON }),
    ...(ALONE && { alone: true }),
  };
}

function show({ subtotal, discounts, shipping, total }) {
  const shown = discounts.map(({ name, cents }) => ` - ${name} ${cents}`);
  return `${subtotal}${shown.join("")} + ${shipping} = ${total}`;
}

async function assertQuote(solution, order, rules, expected) {
  const quote = await solution.call("quote", order, ...(rules === undefined ? [] : [rules]));
  assert.equal(show(quote), expected);
  if (rules === undefined) assert.equal(await solution.call("priceOrder", order), quote.total);
}

Given("the rules:", function (table) {
  this.rules = table.hashes().map(ruleOf);
});

Given("an order of {string}", function (items) {
  this.order = orderOf(items);
});

Given("an order of {string} by a {word} customer", function (items, tier) {
  this.order = orderOf(items, { tier });
});

Given("an order of {string} with the coupon {string}", function (items, coupon) {
  this.order = orderOf(items, { coupon });
});

Then("the quote is {string}", async function (expected) {
  await assertQuote(this.solution, this.order, this.rules, expected);
});

Then("as a first order its quote is {string}", async function (expected) {
  const order = { ...this.order, customer: { ...this.order.customer, firstOrder: true } };
  await assertQuote(this.solution, order, this.rules, expected);
});

Then("without rules it is {string}", async function (expected) {
  await assertQuote(this.solution, this.order, [], expected);
});

Then("for {string} it is {string}", async function (items, expected) {
  await assertQuote(this.solution, orderOf(items), this.rules, expected);
});

Then("the shop's own rules quote {string}", async function (expected) {
  await assertQuote(this.solution, this.order, undefined, expected);
});

async function assertQuotes(world, table) {
  for (const { ORDER, TIER, FIRST, COUPON, QUOTE } of table.hashes()) {
    const order = orderOf(ORDER, { tier: TIER, first: FIRST, coupon: COUPON });
    await assertQuote(world.solution, order, world.rules, QUOTE);
  }
}

Then("these orders are priced so:", async function (table) {
  await assertQuotes(this, table);
});

Then("these orders are priced by them so:", async function (table) {
  await assertQuotes(this, table);
});
