import assert from "node:assert/strict";

import { Given, Then, When } from "@cucumber/cucumber";

const START_MS = 1_000_000;

async function makeLimiter(world, size, tokensPerSecond) {
  world.size = size;
  world.nowMs = START_MS;
  world.now = await world.solution.double(START_MS);
  return await world.solution.construct("RateLimiter", { size, tokensPerSecond, now: world.now });
}

async function pass(world, ms) {
  world.nowMs += ms;
  await world.now.returns(world.nowMs);
}

async function countLetThrough(world, pieces) {
  let count = 0;
  for (let piece = 0; piece < pieces; piece += 1) {
    if ((await world.limiter.call("tryTake")) === true) count += 1;
  }
  return count;
}

Given(
  "a limiter with {int} token(s) that gains {float} token(s) a second",
  async function (size, rate) {
    this.limiter = await makeLimiter(this, size, rate);
  },
);

Given("all its tokens are spent", async function () {
  assert.equal(await this.limiter.call("tryTake", this.size), true);
});

When(
  "a limiter with {int} token(s) that gains {float} token(s) a second is asked for",
  async function (size, rate) {
    this.error = await makeLimiter(this, size, rate).then(
      () => undefined,
      (error) => error,
    );
  },
);

When("{int} pieces of work arrive at once", async function (pieces) {
  this.count = await countLetThrough(this, pieces);
});

When("{int} ms pass", async function (ms) {
  await pass(this, ms);
});

When(
  "{int} ms pass {int} times, with a look at the bucket each time",
  async function (ms, times) {
    for (let time = 0; time < times; time += 1) {
      await pass(this, ms);
      await this.limiter.call("available");
    }
  },
);

When("the clock goes back by {int} ms", async function (ms) {
  await pass(this, -ms);
});

When("the time passes that work for {int} tokens has to wait", async function (tokens) {
  await pass(this, await this.limiter.call("waitMs", tokens));
});

When("a piece of work is turned away", async function () {
  assert.equal(await this.limiter.call("tryTake"), false);
});

When("work for {int} token(s) is let through", async function (tokens) {
  assert.equal(await this.limiter.call("tryTake", tokens), true);
});

When("work for {int} token(s) is turned away", async function (tokens) {
  assert.equal(await this.limiter.call("tryTake", tokens), false);
});

Then("{int} of them are let through", function (count) {
  assert.equal(this.count, count);
});

Then("{int} of {int} pieces of work is let through", async function (count, pieces) {
  assert.equal(await countLetThrough(this, pieces), count);
});

Then("{int} token(s) is/are left", async function (tokens) {
  assert.equal(await this.limiter.call("available"), tokens);
});

Then("none of these limiters is made:", async function (table) {
  for (const { SIZE, RATE } of table.hashes()) {
    const error = await makeLimiter(this, Number(SIZE), Number(RATE)).then(
      () => undefined,
      (thrown) => thrown,
    );
    assert.equal(error?.name, "RangeError", `size ${SIZE}, rate ${RATE}`);
  }
});

When("another limiter has let through all its work", async function () {
  const now = await this.solution.double(START_MS);
  const other = await this.solution.construct("RateLimiter", { size: 1, tokensPerSecond: 9, now });
  assert.equal(await other.call("tryTake"), true);
  assert.equal(await other.call("tryTake"), false);
});

Then("a piece of work has to wait {int} ms", async function (ms) {
  assert.equal(await this.limiter.call("waitMs"), ms);
});

Then("work for {int} token(s) has to wait {int} ms", async function (tokens, ms) {
  assert.equal(await this.limiter.call("waitMs", tokens), ms);
});

Then("work for {int} tokens has to wait for ever", async function (tokens) {
  assert.equal(await this.limiter.call("waitMs", tokens), Infinity);
});

Then("it is refused with a RangeError", function () {
  assert.equal(this.error?.name, "RangeError");
});

// A module that refuses everything must not pass for one that refuses what it should.
Then(
  "a limiter with {int} token(s) that gains {float} token(s) a second is made",
  async function (size, rate) {
    await makeLimiter(this, size, rate);
  },
);
