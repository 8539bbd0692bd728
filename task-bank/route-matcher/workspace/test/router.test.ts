import assert from "node:assert/strict";
import { test } from "node:test";

import { partsOf } from "../src/paths.ts";
import { Router } from "../src/router.ts";

test("a path is taken apart", () => {
  assert.deepEqual(partsOf("/a/b%20c/?x=1"), ["a", "b c"]);
  assert.deepEqual(partsOf("/"), []);
  assert.equal(partsOf("/%"), null);
});

test("a request leads to its route", () => {
  const router = new Router();
  router.add("GET", "/users/:id", "show");
  assert.deepEqual(router.match("GET", "/users/7"), { status: 200, route: "show", params: { id: "7" } });
});
