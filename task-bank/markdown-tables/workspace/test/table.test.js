import assert from "node:assert/strict";
import { test } from "node:test";

import { formatTable } from "../src/table.js";

test("pipes are below each other", () => {
  const table = formatTable("| name | age |\n|---|---|\n| Grace | 85 |");
  assert.equal(table, "| name  | age |\n| ----- | --- |\n| Grace | 85  |");
});
