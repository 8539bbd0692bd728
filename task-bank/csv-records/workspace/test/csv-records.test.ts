import assert from "node:assert/strict";
import { test } from "node:test";

import { readRecords } from "../src/csv-records.ts";

test("plain fields", () => {
  assert.deepEqual(readRecords("a,b,c"), [["a", "b", "c"]]);
});
