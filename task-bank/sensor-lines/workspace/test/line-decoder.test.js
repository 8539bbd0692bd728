import assert from "node:assert/strict";
import { test } from "node:test";

import { LineDecoder } from "../src/line-decoder.js";

test("a chunk of whole lines is read", () => {
  const decoder = new LineDecoder({ maxBytes: 100 });
  assert.deepEqual(decoder.push(new TextEncoder().encode("temp=21,unit=C\ntemp=22\n")), [
    {
      line: 1,
      fields: [
        ["temp", "21"],
        ["unit", "C"],
      ],
    },
    { line: 2, fields: [["temp", "22"]] },
  ]);
});
