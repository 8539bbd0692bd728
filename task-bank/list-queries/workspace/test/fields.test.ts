import assert from "node:assert/strict";
import { test } from "node:test";

import { readValue } from "../src/fields.ts";
import { decode, parametersOf } from "../src/parameters.ts";

test("values have the type of their field", () => {
  assert.equal(readValue({ type: "number" }, "-2.5"), -2.5);
  assert.equal(readValue({ type: "day" }, "2026-02-30"), undefined);
});

test("parameters are split before they are decoded", () => {
  assert.deepEqual(parametersOf("?a=1%262&b"), [
    ["a", "1%262"],
    ["b", ""],
  ]);
  assert.equal(decode("1%262"), "1&2");
});
