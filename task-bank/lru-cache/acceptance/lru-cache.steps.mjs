import assert from "node:assert/strict";

import { Given, Then, When, defineParameterType } from "@cucumber/cucumber";

defineParameterType({
  name: "keys",
  regexp: /"([^"]*)"/,
  transformer: (text) => text.split(", "),
});

Given("a cache for {int} entry/entries", async function (capacity) {
  this.cache = await this.solution.construct("LruCache", capacity);
});

When("a cache for {float} entries is asked for", async function (capacity) {
  this.error = await this.solution.construct("LruCache", capacity).then(
    () => undefined,
    (error) => error,
  );
});

// Nothing but the solution's own refusal counts, so a capacity without one is an error here.
Then("none of these capacities is accepted:", async function (capacities) {
  for (const [text] of capacities.raw()) {
    const error = await this.solution.construct("LruCache", Number(text)).then(
      () => undefined,
      (thrown) => thrown,
    );
    assert.equal(error?.name, "RangeError", `a cache for ${text} entries`);
  }
});

When("another cache for {int} entry takes {string}", async function (capacity, key) {
  const other = await this.solution.construct("LruCache", capacity);
  await other.call("set", key, 1);
  assert.deepEqual(await other.call("keys"), [key]);
});

Given("it knows none of {keys}", async function (keys) {
  for (const key of keys) {
    assert.equal(await this.cache.call("has", key), false, key);
    assert.equal(await this.cache.call("get", key), undefined, key);
  }
});

Then("these values can be stored and read back:", async function (values) {
  for (const [json] of values.raw()) {
    await this.cache.call("set", json, JSON.parse(json));
    assert.deepEqual(await this.cache.call("get", json), JSON.parse(json));
  }
});

Then("it has no keys", async function () {
  assert.deepEqual(await this.cache.call("keys"), []);
});

When("{string} is stored as {int}", async function (key, value) {
  await this.cache.call("set", key, value);
});

When("{string} is stored as nothing", async function (key) {
  await this.cache.call("set", key, undefined);
});

When("{keys} are stored in turn", async function (keys) {
  for (const [index, key] of keys.entries()) await this.cache.call("set", key, index + 1);
});

When("{string} is read", async function (key) {
  await this.cache.call("get", key);
});

When("the cache is asked whether it has {string}", async function (key) {
  assert.equal(await this.cache.call("has", key), true);
});

When("{string} is deleted", async function (key) {
  assert.equal(await this.cache.call("delete", key), true);
});

Then("reading {string} gives {int}", async function (key, value) {
  assert.equal(await this.cache.call("get", key), value);
});

Then("reading {string} gives nothing", async function (key) {
  assert.equal(await this.cache.call("get", key), undefined);
});

Then("the cache has forgotten {string}", async function (key) {
  assert.equal(await this.cache.call("has", key), false);
});

Then("the cache holds {int} entry/entries", async function (size) {
  assert.equal(await this.cache.get("size"), size);
});

Then("the keys from least to most recently used are {keys}", async function (keys) {
  assert.deepEqual(await this.cache.call("keys"), keys);
});

Then("deleting {string} finds nothing", async function (key) {
  assert.equal(await this.cache.call("delete", key), false);
});

Then("deleting {string} finds something", async function (key) {
  assert.equal(await this.cache.call("delete", key), true);
});

Then("it is refused with a RangeError", function () {
  assert.equal(this.error?.name, "RangeError");
});

// A module that refuses everything must not pass for one that refuses what it should.
Then("a cache for {int} entry/entries is made", async function (capacity) {
  await this.solution.construct("LruCache", capacity);
});
