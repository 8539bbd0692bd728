import assert from "node:assert/strict";

import { Before, Given, Then, When } from "@cucumber/cucumber";

Before(async function () {
  this.warehouse = await this.solution.obtain("openWarehouse");
  this.events = [];
});

function eventOf(text) {
  const [type, quantity, item] = text.split(" ");
  return { type, item, quantity: Number(quantity) };
}

async function record(world, texts) {
  for (const text of texts.split(", ")) world.events.push(await world.warehouse.call("record", eventOf(text)));
}

async function open(world, start) {
  // The snapshot is written to disk in between.
  world.warehouse = await world.solution.obtain("openWarehouse", JSON.parse(JSON.stringify(start)));
}

async function assertRefused(promise, about) {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  assert.equal(error?.name, "RangeError", about);
}

async function report(warehouse, ...args) {
  const numbers = await warehouse.call("report", ...args);
  const shown = Object.entries(numbers).map(([item, number]) => `${item} ${number}`);
  return shown.sort().join(", ");
}

Given(/^the events "([^"]*)"$/, async function (texts) {
  await record(this, texts);
});

Given("the events {string} of which the last is refused", async function (texts) {
  const all = texts.split(", ");
  await record(this, all.slice(0, -1).join(", "));
  await assertRefused(this.warehouse.call("record", eventOf(all.at(-1))));
});

Given("a snapshot, and then the events {string}", async function (texts) {
  this.snapshot = await this.warehouse.call("snapshot");
  await record(this, texts);
});

Given("a snapshot without {string}, and then the events {string}", async function (name, texts) {
  this.snapshot = await this.warehouse.call("snapshot");
  assert.ok(name in this.snapshot.states);
  delete this.snapshot.states[name];
  await record(this, texts);
});

When("it is opened again from all its events", async function () {
  await open(this, { events: this.events });
});

When("another one is opened again from the same events", async function () {
  this.other = this.warehouse;
  await open(this, { events: this.events });
});

When("it is opened again from a snapshot", async function () {
  await open(this, { snapshot: await this.warehouse.call("snapshot") });
});

When("it goes on with {string}", async function (texts) {
  await record(this, texts);
});

When("it is opened again from the snapshot and the events from number {int} on", async function (number) {
  await open(this, { snapshot: this.snapshot, events: this.events.slice(number - 1) });
});

When("it is opened again from the snapshot and the events from number {int} on in vain", async function (number) {
  await assertRefused(open(this, { snapshot: this.snapshot, events: this.events.slice(number - 1) }));
});

When("it is opened again from the snapshot alone", async function () {
  await open(this, { snapshot: this.snapshot });
});

Then("the report {string} is {string}", async function (name, expected) {
  assert.equal(await report(this.warehouse, name), expected);
});

Then("that of the other one is {string}", async function (expected) {
  assert.equal(await report(this.other, "on-hand"), expected);
});

Then("after event {int} the report {string} is {string}", async function (number, name, expected) {
  assert.equal(await report(this.warehouse, name, number), expected);
});

Then("the report {string} after each event from 0 on is {string}", async function (name, expected) {
  for (const [number, shown] of expected.split("; ").entries())
    assert.equal(await report(this.warehouse, name, number), shown, `after event ${number}`);
});

Then("the report {string} is refused with a RangeError", async function (name) {
  await assertRefused(this.warehouse.call("report", name));
});

Then("the report {string} after event -1, 0.5 or 4 is refused with a RangeError", async function (name) {
  for (const number of [-1, 0.5, 4]) await assertRefused(this.warehouse.call("report", name, number), String(number));
});

Then("the report {string} after event 1 or 2 is refused with a RangeError", async function (name) {
  for (const number of [1, 2]) await assertRefused(this.warehouse.call("report", name, number), String(number));
});

Then("the event {string} gets the number {int}", async function (text, seq) {
  const recorded = await this.warehouse.call("record", eventOf(text));
  assert.deepEqual(recorded, { ...eventOf(text), seq });
  this.events.push(recorded);
});

Then("the event {string} is refused with a RangeError", async function (text) {
  await assertRefused(this.warehouse.call("record", eventOf(text)), text);
});

Then("these events are refused with a RangeError:", async function (table) {
  for (const [text] of table.raw()) await assertRefused(this.warehouse.call("record", eventOf(text)), text);
});

Then("from the events from number {int} on it can't be opened", async function (number) {
  await assertRefused(open(this, { snapshot: this.snapshot, events: this.events.slice(number - 1) }));
});

Then("it can't be opened again from the events 1 and 3, 2 and 3, or 2 and 1", async function () {
  const [one, two, three] = this.events;
  for (const events of [[one, three], [two, three], [two, one]]) await assertRefused(open(this, { events }));
});

Then("it is opened again from the events 1 and 2 with {string} on hand", async function (expected) {
  await open(this, { events: this.events.slice(0, 2) });
  assert.equal(await report(this.warehouse, "on-hand"), expected);
});

Then("from the snapshot and event 1 alone it can't be opened", async function () {
  await assertRefused(open(this, { snapshot: this.snapshot, events: this.events.slice(0, 1) }));
});

Then("from the snapshot and event 2 alone it is opened with {string} on hand", async function (expected) {
  await open(this, { snapshot: this.snapshot, events: this.events.slice(1, 2) });
  assert.equal(await report(this.warehouse, "on-hand"), expected);
});

Then("from the snapshot alone it can't be opened", async function () {
  await assertRefused(open(this, { snapshot: this.snapshot }));
});

Then("from the events from number {int} on it is opened with {string} on hand", async function (number, expected) {
  await open(this, { snapshot: this.snapshot, events: this.events.slice(number - 1) });
  assert.equal(await report(this.warehouse, "on-hand"), expected);
});
