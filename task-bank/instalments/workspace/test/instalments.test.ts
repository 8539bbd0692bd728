import assert from "node:assert/strict";
import { test } from "node:test";

import { plan, share } from "../src/instalments.ts";

test("a total is paid in equal instalments", () => {
  const parts = plan({ total: "90.00", currency: "EUR", count: 3, first: "2025-01-15" });
  assert.deepEqual(
    parts.map(({ due, amount }) => [due, amount]),
    [
      ["2025-01-15", "30.00"],
      ["2025-02-15", "30.00"],
      ["2025-03-15", "30.00"],
    ],
  );
});

test("a total is shared", () => {
  assert.deepEqual(share("8.00", "EUR", [1, 3]), ["2.00", "6.00"]);
});
