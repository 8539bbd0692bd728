import assert from "node:assert/strict";

import { Then, When } from "@cucumber/cucumber";

const TICKET = [
  ["title", { type: "text" }],
  ["status", { type: "choice", choices: ["open", "closed", "on hold"] }],
  ["points", { type: "number" }],
  ["created", { type: "day" }],
  ["urgent", { type: "flag" }],
];

async function read(solution, text, fields = TICKET) {
  return await solution.call("parseListQuery", text, new Map(fields));
}

function assertGood(parsed) {
  assert.equal(parsed?.ok, true, JSON.stringify(parsed));
}

function filtersOf(parsed) {
  assertGood(parsed);
  return parsed.query.filters.map(({ field, operator, value }) => `${field} ${operator} ${JSON.stringify(value)}`).join(", ");
}

function orderOf(parsed) {
  assertGood(parsed);
  return parsed.query.order.map(({ field, direction }) => `${field} ${direction}`).join(", ");
}

function assertPage(parsed, page, limit) {
  assertGood(parsed);
  assert.deepEqual({ page: parsed.query.page, limit: parsed.query.limit }, { page, limit });
}

function problemsOf(parsed) {
  assert.equal(parsed?.ok, false, JSON.stringify(parsed));
  return parsed.problems.join(", ").trim();
}

When("{string} is read", async function (text) {
  this.parsed = await read(this.solution, text);
});

When("{string} is read for the numbers {string}", async function (text, names) {
  this.parsed = await read(this.solution, text, names.split(", ").map((name) => [name, { type: "number" }]));
});

Then("the filters are {string}", function (expected) {
  assert.equal(filtersOf(this.parsed), expected);
});

Then("the order is {string}", function (expected) {
  assert.equal(orderOf(this.parsed), expected);
});

Then("it is page {int} of {int} rows each", function (page, limit) {
  assertPage(this.parsed, page, limit);
});

Then("with {string} it is page {int} of {int} rows each", async function (text, page, limit) {
  assertPage(await read(this.solution, text), page, limit);
});

Then("the problems are in {string}", function (expected) {
  assert.equal(problemsOf(this.parsed), expected);
});

Then("these queries have these filters:", async function (table) {
  for (const { QUERY, FILTERS } of table.hashes()) assert.equal(filtersOf(await read(this.solution, QUERY)), FILTERS, QUERY);
});

Then("these queries have these orders:", async function (table) {
  for (const { QUERY, ORDER } of table.hashes()) assert.equal(orderOf(await read(this.solution, QUERY)), ORDER, QUERY);
});

Then("these queries have these pages:", async function (table) {
  for (const { QUERY, PAGE, LIMIT } of table.hashes())
    assertPage(await read(this.solution, QUERY), Number(PAGE), Number(LIMIT));
});

Then("these queries have these problems:", async function (table) {
  for (const { QUERY, PROBLEMS } of table.hashes()) assert.equal(problemsOf(await read(this.solution, QUERY)), PROBLEMS, QUERY);
});
