import assert from "node:assert/strict";
import { test } from "node:test";

import { headerOf } from "../src/header.js";
import { splitLines } from "../src/lines.js";

test("lines keep their ends", () => {
  assert.deepEqual(splitLines("a\n\nb"), ["a\n", "\n", "b"]);
});

test("a header leaves out a count of one", () => {
  const header = headerOf({ before: { start: 4, count: 1 }, after: { start: 4, count: 2 } });
  assert.equal(header, "@@ -4 +4,2 @@");
});
