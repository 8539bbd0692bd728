import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";

async function edit(world, at, { remove, insert }) {
  await world.history.call("edit", {
    at,
    ...(remove !== undefined && { remove }),
    ...(insert !== undefined && { insert }),
  });
}

async function type(world, texts, { at, ms }) {
  let place = at;
  for (const [index, insert] of texts.entries()) {
    if (index > 0) await world.now.returns((world.nowMs += ms));
    await edit(world, place, { insert });
    place += insert.length;
  }
}

async function expectText(world, text) {
  assert.equal(await world.history.call("text"), text);
}

/** Checks the text after each call of `undo` or `redo`. */
async function walk(world, method, list) {
  for (const part of list.split(/, (?:and )?then |(?=nothing more)/).filter((part) => part !== "")) {
    const label = await world.history.call(method);
    if (part === "nothing more") assert.equal(label, null);
    else {
      assert.equal(typeof label, "string");
      await expectText(world, JSON.parse(part));
    }
  }
}

async function labels(world, method) {
  const found = [];
  for (let label; (label = await world.history.call(method)) !== null; ) found.push(label);
  return found.join(", ");
}

async function expectSaved(world, state) {
  assert.equal(await world.history.call("isSaved"), state === "saved");
}

async function group(world, label, { count, at, insert, place }) {
  await world.history.call("begin", label);
  await edit(world, at, { remove: count });
  if (insert !== undefined) await edit(world, place, { insert });
}

Given(
  "the text {string} with a history of {int} steps that joins typing within {int} ms",
  async function (text, limit, joinMs) {
    this.nowMs = 1_000_000;
    this.now = await this.solution.double(this.nowMs);
    this.history = await this.solution.construct("History", { text, limit, joinMs, now: this.now });
  },
);

Given("{string} was typed at {int}", async function (insert, at) {
  await edit(this, at, { insert });
});

When("an open group {string} begins", async function (label) {
  await this.history.call("begin", label);
});

Given("an open group {string}", async function (label) {
  await this.history.call("begin", label);
});

When("an open group {string} has {string} typed at {int}", async function (label, insert, at) {
  await this.history.call("begin", label);
  await edit(this, at, { insert });
});

When("{string} is typed at {int}", async function (insert, at) {
  await edit(this, at, { insert });
});

When("{string} and {string} are typed from {int} on, {int} ms apart", async function (first, second, at, ms) {
  await type(this, [first, second], { at, ms });
});

When(
  "{string}, {string} and {string} are typed from {int} on, {int} ms apart",
  async function (first, second, third, at, ms) {
    await type(this, [first, second, third], { at, ms });
  },
);

When("{int} character(s) at {int} is/are erased", async function (remove, at) {
  await edit(this, at, { remove });
});

When("{int} character at {int} becomes {string}", async function (remove, at, insert) {
  await edit(this, at, { remove, insert });
});

When("the last character is erased {int} times", async function (times) {
  for (let time = 0; time < times; time += 1) {
    const text = await this.history.call("text");
    await edit(this, text.length - 1, { remove: 1 });
  }
});

When(
  "in a group {string} {int} character(s) at {int} are erased and {string} is typed at {int}",
  async function (label, count, at, insert, place) {
    await group(this, label, { count, at, insert, place });
    await this.history.call("end");
  },
);

When("in a group {string} {int} characters at {int} are erased, and it is cancelled", async function (label, count, at) {
  await group(this, label, { count, at });
  await this.history.call("cancel");
});

When("the open group ends", async function () {
  await this.history.call("end");
});

When("the open group is cancelled", async function () {
  await this.history.call("cancel");
});

When("the last step is undone", async function () {
  assert.equal(typeof (await this.history.call("undo")), "string");
});

When("the last step is redone", async function () {
  assert.equal(typeof (await this.history.call("redo")), "string");
});

When("the text is saved", async function () {
  await this.history.call("save");
});

Then("undoing gives {}", async function (list) {
  const [, texts, state] = /^(.*?)(?:, and the text counts as (\w+))?$/.exec(list);
  await walk(this, "undo", texts);
  if (state !== undefined) await expectSaved(this, state);
});

Then("redoing gives {}", async function (list) {
  const [, texts, state] = /^(.*?)(?:, and the text counts as (\w+))?$/.exec(list);
  await walk(this, "redo", texts);
  if (state !== undefined) await expectSaved(this, state);
});

Then("{string} is typed at {int}, and undoing gives {string}", async function (insert, at, text) {
  await edit(this, at, { insert });
  await this.history.call("undo");
  await expectText(this, text);
});

Then("the text is {string}", async function (text) {
  await expectText(this, text);
});

Then("the text is {string}, and nothing can be redone", async function (text) {
  assert.equal(await this.history.call("redo"), null);
  await expectText(this, text);
});

Then("nothing can be undone yet", async function () {
  const text = await this.history.call("text");
  assert.equal(await this.history.call("undo"), null);
  assert.equal(await this.history.call("redo"), null);
  await expectText(this, text);
});

Then("the next step to undo is {string}", async function (label) {
  assert.equal(await this.history.call("undo"), label);
  assert.equal(await this.history.call("redo"), label);
});

Then("the steps to undo are {string}", async function (list) {
  const found = await labels(this, "undo");
  assert.equal(found, list);
  await labels(this, "redo");
});

Then("the steps to redo are {string} when all are undone", async function (list) {
  await labels(this, "undo");
  assert.equal(await labels(this, "redo"), list);
});

Then("the text counts as {word}", async function (state) {
  await expectSaved(this, state);
});

Then("when it is cancelled, the text counts as {word}", async function (state) {
  await this.history.call("cancel");
  await expectSaved(this, state);
});

async function errorOf(promise) {
  return await promise.then(
    () => undefined,
    (error) => error,
  );
}

Then("a group that is not open can't be ended or cancelled", async function () {
  for (const method of ["end", "cancel"]) {
    assert.equal((await errorOf(this.history.call(method)))?.name, "RangeError", method);
  }
});

Then("a change of {float} character(s) at {float} is refused with a RangeError", async function (remove, at) {
  assert.equal((await errorOf(edit(this, at, { remove, insert: "x" })))?.name, "RangeError");
});

Then("a change of {int} character at {int} is not", async function (remove, at) {
  await edit(this, at, { remove, insert: "x" });
});
