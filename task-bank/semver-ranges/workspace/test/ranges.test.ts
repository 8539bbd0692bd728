import assert from "node:assert/strict";
import { test } from "node:test";

import { bestMatch, compareVersions, satisfies } from "../src/ranges.ts";

test("versions are compared by their numbers", () => {
  assert.equal(compareVersions("1.9.0", "1.10.0"), -1);
  assert.equal(compareVersions("2.0.0", "1.10.0"), 1);
});

test("a caret allows later versions", () => {
  assert.equal(satisfies("1.3.0", "^1.2.3"), true);
  assert.equal(satisfies("1.2.2", "^1.2.3"), false);
  assert.equal(bestMatch(["1.2.3", "1.2.5"], "^1.2.3"), "1.2.5");
});
