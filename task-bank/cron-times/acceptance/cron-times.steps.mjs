import assert from "node:assert/strict";

import { Then, When } from "@cucumber/cucumber";

When(/^it is (\S+)$/, function (now) {
  this.now = now;
});

function shortly(time) {
  const [, day, clock] = /^\d{4}-(\d\d-\d\d)T(\d\d:\d\d)Z$/.exec(time);
  return `${day} ${clock}`;
}

Then("the next times of {string} are {string}", async function (expression, expected) {
  const times = await this.solution.call("nextTimes", expression, this.now, expected.split(", ").length);
  assert.equal(times.map(shortly).join(", "), expected);
  // A year is not shown, so that the order has to be right.
  assert.ok([this.now, ...times].every((time, place, all) => place === 0 || all[place - 1] < time));
});

Then("the next year of {string} is {int}", async function (expression, year) {
  const [time] = await this.solution.call("nextTimes", expression, this.now, 1);
  assert.equal(time.slice(0, 4), String(year));
});

Then("{string} never comes", async function (expression) {
  assert.deepEqual(await this.solution.call("nextTimes", expression, this.now, 1), []);
});

Then("{string} has {int}, {int} and {int} next times", async function (expression, none, one, many) {
  for (const count of [none, one, many])
    assert.equal((await this.solution.call("nextTimes", expression, this.now, count)).length, count);
});

Then("names stand for these next days:", async function (table) {
  for (const { FIELD, NAMES, DAYS } of table.hashes()) {
    const days = DAYS.split(" ");
    for (const [place, name] of NAMES.split(" ").entries()) {
      const expression = FIELD === "month" ? `0 0 1 ${name} *` : `0 0 * * ${name}`;
      const [time] = await this.solution.call("nextTimes", expression, this.now, 1);
      assert.equal(shortly(time), `${days[place]} 00:00`, name);
    }
  }
});

async function assertRefused(solution, expression, now) {
  const error = await solution.call("nextTimes", expression, now, 1).then(
    () => undefined,
    (thrown) => thrown,
  );
  assert.equal(error?.name, "RangeError", expression);
}

Then("{string} is refused with a RangeError", async function (expression) {
  await assertRefused(this.solution, expression, this.now);
});

Then("each of these is refused with a RangeError:", async function (table) {
  for (const [expression] of table.raw()) await assertRefused(this.solution, expression, this.now);
});
