import assert from "node:assert/strict";

import { Before, Given, Then, When, defineParameterType } from "@cucumber/cucumber";

defineParameterType({
  name: "span",
  regexp: /\d\d:\d\d-\d\d:\d\d/,
  transformer: (text) => {
    const [from, to] = text.split("-");
    return { from, to };
  },
});

Before(async function () {
  this.room = await this.solution.obtain("openRoom");
});

function show({ from, to, who }) {
  return who === undefined ? `${from}-${to}` : `${from}-${to} ${who}`;
}

Given("{string} has booked {span}", async function (who, span) {
  assert.deepEqual(await this.room.call("book", { ...span, who }), { ok: true });
});

When("{string} books {span}", async function (who, span) {
  await this.room.call("book", { ...span, who }).then(
    (answer) => (this.answer = answer),
    (error) => (this.error = error),
  );
});

When("{string} cancels {span}", async function (who, span) {
  this.wasCancelled = await this.room.call("cancel", { ...span, who });
});

Then("the bookings are {string}", async function (expected) {
  const bookings = await this.room.call("bookings");
  assert.equal(bookings.map(show).join(", "), expected);
});

Then("it is turned away because of {string}", function (conflict) {
  assert.equal(this.answer?.ok, false);
  assert.equal(show(this.answer.conflict), conflict);
});

Then("there was nothing to cancel", function () {
  assert.equal(this.wasCancelled, false);
});

Then("the room is free at {string}", async function (expected) {
  const free = await this.room.call("free");
  assert.equal(free.map(show).join(", "), expected);
});

Given("a second room", async function () {
  this.room = await this.solution.obtain("openRoom");
});

Then("there was something to cancel", function () {
  assert.equal(this.wasCancelled, true);
});

Then("there is nothing to cancel for:", async function (table) {
  for (const { WHO, SPAN } of table.hashes()) {
    const [from, to] = SPAN.split("-");
    assert.equal(await this.room.call("cancel", { from, to, who: WHO }), false, `${SPAN} ${WHO}`);
  }
});

Then("none of these bookings is taken:", async function (table) {
  for (const { FROM, TO } of table.hashes()) {
    const error = await this.room.call("book", { from: FROM, to: TO, who: "Bob" }).then(
      () => undefined,
      (thrown) => thrown,
    );
    assert.equal(error?.name, "RangeError", `${FROM}-${TO}`);
  }
});

Then("the room is never free for {int} minutes", async function (minutes) {
  assert.deepEqual(await this.room.call("free", minutes), []);
});

Then("the room is never free", async function () {
  assert.deepEqual(await this.room.call("free"), []);
});

Then("the room is free for {int} minutes at {string}", async function (minutes, expected) {
  const free = await this.room.call("free", minutes);
  assert.equal(free.map(show).join(", "), expected);
});

Then("it is refused with a RangeError", function () {
  assert.equal(this.error?.name, "RangeError");
});
