import assert from "node:assert/strict";

import { Given, Then, defineParameterType } from "@cucumber/cucumber";

defineParameterType({ name: "json", regexp: /\{.*\}/, transformer: (json) => JSON.parse(json) });

async function add(world, route) {
  const { method, pattern, name } = /^(?<method>\w+) (?<pattern>\S+) as (?<name>\w+)$/.exec(route).groups;
  await world.router.call("add", method, pattern, name);
}

async function match(world, request) {
  const [method, path] = request.split(" ");
  return await world.router.call("match", method, path);
}

async function expectRefusal(promise, what) {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  assert.equal(error?.name, "RangeError", what);
}

function stringsOf(list) {
  return [...list.matchAll(/"([^"]*)"/g)].map(([, text]) => text);
}

Given("the routes {string}", async function (routes) {
  this.router = await this.solution.construct("Router");
  for (const route of routes.split(", ")) await add(this, route);
});

Then("{string} leads to {string} with {json}", async function (request, route, params) {
  assert.deepEqual(await match(this, request), { status: 200, route, params });
});

Then("{string} is answered with {int}", async function (request, status) {
  assert.deepEqual(await match(this, request), { status });
});

Then("these are answered with {int}: {}", async function (status, requests) {
  for (const request of stringsOf(requests)) assert.deepEqual(await match(this, request), { status }, request);
});

Then("{string} is answered with {int}, which allows {string}", async function (request, status, methods) {
  assert.deepEqual(await match(this, request), { status, allow: methods.split(", ") });
});

Then("the link to {string} with {json} is {string}", async function (name, params, path) {
  assert.equal(await this.router.call("link", name, params), path);
});

Then("a link to {string} with {json} is refused with a RangeError", async function (name, params) {
  await expectRefusal(this.router.call("link", name, params));
});

Then("the route {string} is refused with a RangeError", async function (route) {
  await expectRefusal(add(this, route));
});

Then("the route {string} is not", async function (route) {
  await add(this, route);
});

Then("these patterns are refused: {}", async function (patterns) {
  for (const pattern of stringsOf(patterns)) {
    await expectRefusal(this.router.call("add", "PUT", pattern, "new"), pattern);
  }
});

Then("these patterns are not: {}", async function (patterns) {
  for (const [index, pattern] of stringsOf(patterns).entries()) {
    await this.router.call("add", "PUT", pattern, `new-${index}`);
  }
});
